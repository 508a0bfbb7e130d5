// Events as a table, and figures as text.

import Exports
import Foundation
import Kernels
import Machine
import Testing

@Suite("Tables")
struct CsvTests {
  /// The fields of a row, quotation marks taken off.
  private func fields(_ row: String) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in row {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  @Test("A row per event, of five fields that say what the log says")
  func rows() throws {
    for kernel in Catalogue.kernels {
      let problem: Problem? =
        kernel.isMatmul
        ? .matmul(MatmulProblem(m: 4, n: 4, k: 4))
        : kernel.text.isSelfAttention ? .attention(AttentionProblem(queries: 12, d: 4)) : nil
      let recording = try plan(kernel, problem: problem, mapping: Mapping(tile: 4)).seeded()
      let text = csv([(kernel.name, recording)])
      #expect(text.hasSuffix("\n"))
      let lines = text.split(separator: "\n").map(String.init)
      #expect(lines[0] == "run,cycle,sm,block,event")
      #expect(lines.count == recording.events.count + 1)
      for (line, event) in zip(lines.dropFirst(), recording.events) {
        let row = fields(line)
        #expect(row.count == 5)
        #expect(row[0] == kernel.name)
        let place = row[2].isEmpty ? "gpu -" : "sm\(row[2]) b\(row[3])"
        #expect("\(row[1]) \(place) \(row[4])" == recording.line(of: event))
      }
    }
  }

  @Test("The text report names every figure once per run")
  func textTable() throws {
    let plans = [try plan(Catalogue["flash-attention"]), try plan(Catalogue["flash-attention-2"])]
    let reports = try plans.map { Report($0, try $0.totals(), error: nil) }
    let lines = textReport(reports, plans).split(separator: "\n").map(String.init)
    #expect(lines[0].split(separator: " ") == ["flash-attention", "flash-attention-2"])
    for label in ["device", "cycles", "time", "HBM read", "HBM written", "  Q", "  L", "SRAM peak"]
    {
      #expect(lines.filter { $0.hasPrefix(label + " ") }.count == 1, "\(label)")
    }
    for line in lines { #expect(!line.hasSuffix(" ")) }
    #expect(lines.contains { $0.hasPrefix("largest error") && $0.contains("not computed") })
  }
}
