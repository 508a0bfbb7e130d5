// How the errors of a reproduction are put together.

import Foundation
import Library
import Testing

@testable import Exports
@testable import Studies

@Suite("Errors in groups")
struct ErrorSummaryTests {
  private func row(
    _ id: String, _ metric: String, published: Double, predicted: Double, n: Int = 1024,
    file: String = "measured.csv"
  ) throws -> Reproduction.Row {
    let text =
      "id,source,device,kernel,pass,batch,heads,n,d,causal,dropout,padding,tile_cols,metric,value,unit,note\n"
      + "\(id),S (arXiv 1) Table 18,a100-40gb,k,forward,1,1,\(n),64,0,0,0,,\(metric),\(published),ms,\n"
    var row = Reproduction.Row(try PublishedLibrary.read(text, path: file)[0])
    row.predicted = predicted
    return row
  }

  @Test("errors are means by file, kernel, shape and card; a bias is that of the time")
  func groups() throws {
    let reproduction = Reproduction(
      tables: ["t18"],
      rows: [
        try row("a", "time", published: 10, predicted: 12),
        try row("b", "throughput", published: 10, predicted: 12.5),
        try row("c", "memory", published: 10, predicted: 20),
        try row("d", "time", published: 10, predicted: 30, n: 128),
        try row("e", "time", published: 10, predicted: 5, n: 1, file: "measured-2.csv"),
      ])
    let files = reproduction.errorsByFile
    #expect(
      files.map(\.file) == ["measured.csv", "measured-2.csv"] && files.map(\.rows) == [2, 1])
    #expect(abs(files[0].mape - 22.5) < 1e-9 && abs(files[0].bias) < 1e-9)
    #expect(files[1].mape == 50 && files[1].bias == -50)
    #expect(reproduction.errorsByKernel.count == 2 && reproduction.errorsByDevice.count == 2)
    #expect(reproduction.errorsByShape.map(\.d) == [64, 64])
    #expect(reproduction.worst.map(\.published.id) == ["e", "b", "a"])
    let page = trustPage(reproduction)
    #expect(page.contains("| `measured.csv` | 2 | 22.5 % | +0.0 % |"))
    #expect(page.contains("| `e` | -50.0 % |"))
  }

  @Test(
    "The worst rows stand with their cause where it is known, and each cause belongs to rows that there are"
  )
  func causes() throws {
    let known = try row("sage-fa3-h100-sxm-d64-n1024-causal", "time", published: 10, predicted: 5)
    let unknown = try row("x", "time", published: 10, predicted: 11)
    let page = trustPage(Reproduction(tables: ["t18"], rows: [known, unknown]))
    #expect(page.contains("| `\(known.published.id)` | -50.0 % | a run of 90 µs"))
    #expect(page.contains("| `x` | +10.0 % | not known |"))
    let ids = try PublishedLibrary.rows.filter { $0.cause != nil }.map(\.id)
    for beginning in ["fa1-fig1-mask", "fdec-split-kv512", "sage-fa2-a6000-d128-n32768-causal"] {
      #expect(ids.contains { $0.hasPrefix(beginning) })
    }
    #expect(!ids.contains("sage-fa2-a6000-d128-n4096-causal"))
  }
}
