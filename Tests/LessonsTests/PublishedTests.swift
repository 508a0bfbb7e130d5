// Published figures: what is read of a row, and the names of the tables.

import Foundation
import Testing

@testable import Library
@testable import Runs

@Suite("Published figures")
struct PublishedTests {
  static let header =
    "id,source,device,kernel,pass,batch,heads,n,d,causal,dropout,padding,tile_cols,metric,value,"
    + "unit,note\n"

  private func rows(_ lines: String) throws -> [PublishedRow] {
    try PublishedReader.rows(Self.header + lines, path: "measured.csv")
  }

  @Test("the shipped rows are read, each with an id of its own")
  func shipped() throws {
    let rows = try PublishedLibrary.rows
    #expect(rows.count > 100 && Set(rows.map(\.id)).count == rows.count)
    #expect(
      Set(rows.map(\.table)).isSubset(of: [
        "fig1", "fig2-left", "fig2-middle", "t18", "t20", "t21", "fa2-fig5", "fa3-fig5", "fa3-t2",
        "fgs-fa3", "fgs-fa2", "fdec", "sage",
      ]))
  }

  @Test("empty cells say nothing, and quoted ones keep their commas")
  func cells() throws {
    let row = try rows(
      #"a1-t9-x,A (arXiv 1) Table 9,v100,k,both,1,2,3,4,,,,,flops,66.6,GFLOP,"AS PRINTED, ""so""""#)[
        0]
    #expect(row.isCausal == nil && row.dropout == nil && row.tileColumns == nil)
    #expect(row.note == #"AS PRINTED, "so""# && row.isAsPrinted)
    #expect(row.table == "a1-t9" && row.tableNumber == 9 && row.dtype == "fp16")
  }

  @Test("a format other than fp16 is named in the source or the note")
  func formats() throws {
    let row = try rows(
      "fa3-x,P (arXiv 1) Fig. 6 fp8,h,k,forward,1,1,8,8,1,0,0,,throughput,1,TFLOP/s,")[0]
    #expect(row.dtype == "fp8" && row.table == "fa3-fig6-fp8" && row.isCausal == true)
  }

  @Test(
    "what is wrong with a row is said with its line",
    arguments: [
      ("x,s,d,k,both,1,1,8,8,,,,,speed,1,ms,", "metric: found 'speed'"),
      ("x,s,d,k,both,1,1,eight,8,,,,,time,1,ms,", "n: found 'eight'"),
      ("x,s,d,k,both,1,1,8,8,,,,,time,nan,ms,", "value: found 'nan'"),
      ("x,s,d", "metric: found ''"),
    ])
  func faults(line: String, words: String) {
    #expect {
      try rows(line)
    } throws: { error in
      let message = (error as? FileError)?.message ?? ""
      return message.contains("measured.csv:2: ") && message.contains(words)
    }
  }

  @Test("tables are found in either case, and a slip gets the nearest name")
  func names() throws {
    let rows = try PublishedLibrary.rows
    #expect(try PublishedLibrary.find(["T20", "Fig1"], in: rows) == ["fig1", "t20"])
    #expect(try PublishedLibrary.find([], in: rows).count == 14)
    #expect {
      try PublishedLibrary.find(["fig2-lefd"], in: rows)
    } throws: { ($0 as? FileError)?.message.contains("did you mean 'fig2-left'?") == true }
  }
}
