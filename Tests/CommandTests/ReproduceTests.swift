// `reproduce` as a user meets it, on tables that take no time.

import Exports
import Foundation
import Testing

@testable import Library
@testable import Studies
@testable import tilewalk

@Suite("Reproduce")
struct ReproduceTests {
  private func row(_ line: String) throws -> PublishedRow {
    let table = "FlashAttention-2 (arXiv 2) Fig. 5,a100-80gb"
    let all = try PublishedLibrary.rows
    var row = try #require(all.first)
    let fields = separatedFields(line)
    (row.id, row.source) = ("\(fields[0])-x", table)
    (row.pass, row.isCausal, row.note) = (fields[1], fields[2] == "1", fields[3])
    (row.n, row.d, row.batch, row.heads) = (2, 3, 5, 7)
    return row
  }

  @Test("a row without a model is printed with the reason, and counts for nothing")
  func rowWithoutModel() throws {
    let row = try #require(
      PublishedLibrary.rows.first { $0.table == "t20" && $0.kernel == "reformer" })
    let result = prediction(of: row, PublishedRun(row), nil)
    #expect(result.predicted == nil && result.model == nil && result.errorPercent == nil)
    #expect(result.reason == "no backward pass here")
    let all = Reproduction(tables: ["t20"], rows: [result])
    #expect(Reproduction.mape(all.rows) == nil)
    #expect(text(all).contains("no model") && text(all).contains("0 of 1 rows modelled"))
  }

  @Test("a table without a row is printed, and exits 0")
  func noModel() throws {
    let outcome = try tilewalk("reproduce FA3-T2 t19")
    #expect(outcome.code == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(outcome.output.contains("3.538 ms"))
    #expect(outcome.output.contains("has no row of this table"))
  }

  @Test("is JSON and comma-separated values as well")
  func formats() throws {
    let outcome = try tilewalk("reproduce fa3-t2 --format json")
    let data = Data(outcome.output.utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect((object["rows"] as? [Any])?.count == 1)
    #expect(try #require(object["mape"] as? Double) < 20)
    #expect(try tilewalk("reproduce fa3-t2 --format csv").output.hasPrefix("id,source,table"))
  }

  @Test("a device file stands for the device that it names, and for no other")
  func whatIf() throws {
    try withFolder { folder in
      try writeDevice(
        "clock_mhz: { value: 1", "clock_mhz: { value: ", of: "h100-sxm", to: "\(folder)/slow.yaml")
      try writeDevice("name: h100-sxm", "name: mine", of: "h100-sxm", to: "\(folder)/mine.yaml")
      let asIs = try tilewalk("reproduce fa3-t2 --format csv").output
      let whatIf = try tilewalk("reproduce fa3-t2 --format csv --device slow.yaml", in: folder)
      #expect(whatIf.code == 0 && whatIf.output != asIs)
      let told = try tilewalk("reproduce fa3-t2 --device slow.yaml", in: folder)
      #expect(told.output.contains("h100-sxm as slow.yaml has it"))
      let elsewhere = try tilewalk("reproduce t18 --device slow.yaml", in: folder)
      #expect(elsewhere.code == 64 && elsewhere.error.contains("h100-sxm"))
      let unknown = try tilewalk("reproduce --device mine.yaml", in: folder)
      #expect(unknown.code == 64 && unknown.output.isEmpty && unknown.errorLines.count == 1)
      #expect(unknown.error.contains("unknown published device 'mine'"))
      #expect(unknown.error.contains("h100-sxm"))
    }
  }

  @Test("an unknown table is named with the nearest, and nothing is printed")
  func unknown() throws {
    let outcome = try tilewalk("reproduce fig2-lft")
    #expect(outcome.code == 64 && outcome.output.isEmpty && outcome.errorLines.count == 1)
    #expect(outcome.error.contains("did you mean 'fig2-left'?"))
  }

  @Test("bytes are those of the paper's closed form, whole matrices and nothing masked")
  func closedForm() throws {
    let rows = try PublishedLibrary.rows.filter { $0.table == "fig2-middle" && $0.metric == .hbm }
    for row in rows where row.tileColumns.map({ $0 <= 256 }) == true {
      let result = prediction(of: row, PublishedRun(row), nil)
      let error = try #require(result.errorPercent, "\(result.reason ?? "")")
      #expect(abs(error) < 0.1, "\(row.id)")
    }
  }

  @Test(
    "FLOPs of a throughput are counted as the note says, half of them under a causal mask",
    arguments: [
      ("a,forward,0,4*N*N*d*heads*batch / time", 4.0),
      ("a,forward,1,4*N*N*d*heads*batch / time", 2.0),
      ("a,forward,1,2*N*N*d*heads*batch / time", 2.0),
      ("a,forward,1,4*N*N*d*heads*batch/2 / time", 2.0),
      ("a,both,0,", 14.0), ("a,backward,1,", 5.0), ("a,forward,0,4*N*M / time", 4.0),
    ])
  func flops(line: String, factor: Double) throws {
    #expect(try countedFlops(row(line)) == factor * 2 * 2 * 3 * 5 * 7)
  }
}
