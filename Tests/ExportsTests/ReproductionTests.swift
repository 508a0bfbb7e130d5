// Published figures beside predictions: errors, means, winners, and the three formats.

import Exports
import Foundation
import Testing

@testable import Library
@testable import Runs
@testable import Studies

@Suite("Published figures beside the model's")
struct ReproductionTests {
  private static func row(
    _ id: String, _ kernel: String, _ published: Double, _ predicted: Double?, n: Int = 1024,
    metric: String = "time", unit: String = "ms", note: String = ""
  ) throws -> Reproduction.Row {
    let text = """
      id,source,device,kernel,pass,batch,heads,n,d,causal,padding,metric,value,unit,note
      fa1-t18-\(id),Flash (arXiv 1) Table 18,v100,\(kernel),forward,16,8,\(n),64,0,0,\(metric),\
      \(published),\(unit),\(note)
      """
    let rows = try PublishedLibrary.read(text, path: "measured.csv")
    var row = Reproduction.Row(try #require(rows.first))
    row.predicted = predicted
    row.model = predicted == nil ? nil : kernel
    row.mapping = predicted == nil ? nil : ["tileRows": 16, "tileCols": 64, "stages": 2]
    row.reason = predicted == nil ? "there is no such kernel here" : nil
    return row
  }

  private let rows: [Reproduction.Row]

  init() throws {
    rows = try [
      Self.row("a", "standard-attention", 2, 1), Self.row("b", "flash-attention", 1, 1.5),
      Self.row("c", "linformer", 0.5, nil), Self.row("small", "flash-attention", 1, 9, n: 128),
      Self.row(
        "printed", "flash-attention", 75.2, 963, metric: "flops", unit: "GFLOP",
        note: "AS PRINTED"),
    ]
  }

  private var reproduction: Reproduction { Reproduction(tables: ["t18", "t19"], rows: rows) }

  private var object: [String: Any] {
    get throws {
      let data = Data(try json(reproduction).utf8)
      return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
  }

  @Test("errors are signed, and a misprint has none")
  func errors() {
    #expect(rows.map(\.errorPercent) == [-50, 50, nil, 800, nil])
  }

  @Test("the mean is of absolute errors from N = 512 up")
  func mean() {
    #expect(Reproduction.mape(rows) == 50)
    #expect(Reproduction.mape([rows[2], rows[3]]) == nil)
  }

  @Test("a pair is two kernels on one problem that the paper decides and the model predicts")
  func pairs() throws {
    let pair = try #require(reproduction.pairs.first)
    #expect(reproduction.pairs.count == 1)
    #expect(pair.publishedWinner == "flash-attention")
    #expect(pair.predictedWinner == "standard-attention" && !pair.agrees)
    let equal = try [Self.row("a", "x", 2, 1), Self.row("b", "y", 2, 3)]
    #expect(Reproduction(tables: ["t18"], rows: equal).pairs.isEmpty)
  }

  @Test("more throughput wins, and all launches of Fig. 1 together are a time")
  func winners() throws {
    let fast = try [
      Self.row("a", "x", 104, 90, metric: "throughput"),
      Self.row("b", "y", 192, 200, metric: "throughput"),
    ]
    #expect(Reproduction(tables: ["t18"], rows: fast).pairs.map(\.publishedWinner) == ["y"])
    let launches = try [
      Self.row("a", "x", 16.8, 17, metric: "time:total"), Self.row("b", "y", 2.2, 2),
    ]
    let pairs = Reproduction(tables: ["t18"], rows: launches).pairs
    #expect(pairs.map(\.agrees) == [true])
  }

  @Test("the JSON has the keys of the contract, and null where there is no model")
  func contract() throws {
    let object = try object
    #expect(
      Set(object.keys) == ["schema", "rows", "tables", "mape", "timedMape", "pairs", "errors"])
    let errors = try #require(object["errors"] as? [String: Any])
    #expect(Set(errors.keys) == ["byFile", "byKernel", "byShape", "byDevice", "worst"])
    #expect(object["schema"] as? Int == 1 && object["mape"] as? Double == 50)
    let rows = try #require(object["rows"] as? [[String: Any]])
    let keys: Set = [
      "id", "source", "table", "device", "kernel", "model", "pass", "problem", "metric", "unit",
      "published", "predicted", "errorPercent", "judged", "mapping",
    ]
    #expect(Set(rows[0].keys) == keys)
    #expect(Set(rows[2].keys) == keys.union(["reason"]) && rows[2]["predicted"] is NSNull)
    #expect(rows[4]["note"] as? String == "AS PRINTED" && rows[4]["errorPercent"] is NSNull)
    let tables = try #require(object["tables"] as? [[String: Any]])
    #expect(tables.map { $0["table"] as? String } == ["t18", "t19"])
    #expect(tables[0]["modelled"] as? Int == 4 && tables[1]["mape"] is NSNull)
    let pairs = try #require(object["pairs"] as? [[String: Any]])
    #expect(Set(pairs[0].keys) == ["rows", "publishedWinner", "predictedWinner", "agrees"])
  }

  @Test("the text names every row, keeps to 80 columns and says which table is empty")
  func lines() {
    let lines = text(reproduction).split(separator: "\n").map(String.init)
    for line in lines { #expect(line.count <= 80 && line.last != " ", "\(line)") }
    #expect(lines.contains { $0.contains("no model") && $0.contains("0.500 ms") })
    #expect(lines.contains { $0.hasSuffix("as printed") && $0.contains("963 GFLOP") })
    #expect(lines.contains("  Published/measured.csv has no row of this table."))
    #expect(lines.contains { $0.contains("right winner in 0 of 1 pairs") })
  }

  @Test("the table of values has a line per row, with all its columns")
  func values() {
    let lines = csv(reproduction).split(separator: "\n")
    #expect(lines.count == 6)
    #expect(lines.allSatisfy { separatedFields($0).count == 22 })
  }
}
