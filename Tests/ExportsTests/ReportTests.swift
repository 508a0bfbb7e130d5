// The JSON report is a contract: its keys, their types and their order.

import Exports
import Foundation
import Kernels
import Machine
import Testing

@testable import Library
@testable import Runs

@Suite("The JSON report")
struct ReportTests {
  private func object(_ report: Report) throws -> [String: Any] {
    let data = Data(try json(report).utf8)
    return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func full(on device: String = "classroom") throws -> (Plan, Recording, [String: Any]) {
    let plan = try plan(on: device)
    let recording = try plan.seeded()
    let report = Report(plan, recording.totals, error: plan.error(of: recording))
    return (plan, recording, try object(report))
  }

  private func isInteger(_ value: Any?) -> Bool {
    guard let number = value as? NSNumber else { return false }
    return Double(number.intValue) == number.doubleValue && number.intValue >= 0
  }

  private func keys(_ value: Any?) -> Set<String> { Set((value as? [String: Any] ?? [:]).keys) }

  @Test("has the keys of the contract, each of its type")
  func contract() throws {
    let (plan, recording, report) = try full()
    #expect(
      Set(report.keys) == [
        "schema", "kernel", "device", "problem", "mapping", "cycles", "seconds", "hbm", "memory",
        "cache", "tensors", "closedForm", "sram", "flops", "units", "launches", "error",
      ])
    #expect(report["schema"] as? Int == 1)
    #expect(report["kernel"] as? String == "flash-attention")
    #expect(report["device"] as? String == "classroom")
    #expect(report["cycles"] as? Int == recording.totals.cycles)
    let seconds = try #require(report["seconds"] as? Double)
    #expect(abs(seconds - Double(recording.totals.cycles) * 1e-9) < 1e-15)
    let bytes: Set = ["readBytes", "writeBytes"]
    #expect(keys(report["hbm"]) == bytes)
    #expect(keys(report["sram"]) == ["peakBytes", "capacityBytes"])
    #expect(
      keys(report["flops"]) == [
        "matmul", "recomputed", "elementwise", "exponential", "instructions",
      ])
    #expect(keys(report["memory"]) == ["peakBytes", "capacityBytes"])
    #expect(keys(report["error"]).isSuperset(of: ["maxAbsolute", "reference"]))
    #expect(keys(report["tensors"]) == ["Q", "K", "V", "O", "l", "m"])
    for group in ["hbm", "memory", "sram", "flops"] {
      let values = try #require(report[group] as? [String: Any]).values
      #expect(values.allSatisfy(isInteger), "\(group)")
    }
    for group in ["tensors", "closedForm"] {
      for value in try #require(report[group] as? [String: [String: Any]]).values {
        #expect(Set(value.keys) == bytes && value.values.allSatisfy(isInteger))
      }
    }
    #expect((report["tensors"] as? NSDictionary) == (report["closedForm"] as? NSDictionary))
    #expect((report["sram"] as? [String: Int])?["capacityBytes"] == plan.device.sramBytes)
  }

  @Test("gives every unit's busy cycles and share, and every launch's figures")
  func unitsAndLaunches() throws {
    let (_, recording, report) = try full()
    let units = try #require(report["units"] as? [String: [String: Any]])
    #expect(Set(units.keys) == ["tensor", "fp32", "sfu", "shared", "copy", "hbm"])
    for (name, unit) in units {
      #expect(Set(unit.keys) == ["busyCycles", "utilization"])
      #expect(isInteger(unit["busyCycles"]), "\(name)")
      let share = try #require(unit["utilization"] as? Double)
      let busy = try #require(unit["busyCycles"] as? Double)
      #expect(share > 0 && share <= 1, "\(name)")
      #expect(abs(share - busy / Double(recording.totals.cycles)) < 1e-12, "one SM: \(name)")
    }
    let launches = try #require(report["launches"] as? [[String: Any]])
    #expect(launches.count == 1 && launches[0]["name"] as? String == "attention")
    for launch in launches {
      let whole = ["blocks", "cycles", "hbmBytes", "blocksPerSM"]
      #expect(Set(launch.keys) == Set(["name", "seconds"] + whole))
      for key in whole { #expect(isInteger(launch[key]), "\(key)") }
      #expect(launch["seconds"] is Double)
    }
    #expect(launches[0]["hbmBytes"] as? Int == recording.totals.hbm.bytes)
  }

  @Test("names the problem and the mapping in the words of the command line")
  func problemAndMapping() throws {
    let (_, _, report) = try full()
    let problem = try #require(report["problem"] as? [String: Any])
    let sizes = ["n": 12, "kv": 20, "d": 4, "dv": 3, "batch": 1, "heads": 2, "kvHeads": 2]
    for (key, value) in sizes { #expect(problem[key] as? Int == value, "\(key)") }
    #expect(problem["scale"] as? Double == 0.5 && problem["dtype"] as? String == "fp32")
    #expect(problem["mask"] as? String == "causal" && problem["softcap"] is NSNull)
    #expect(problem["bias"] as? Bool == false)
    #expect(report["mapping"] as? [String: Int] == ["tileRows": 4, "tileCols": 8, "stages": 2])
    let product = try plan(
      Catalogue["tiled-matmul"], problem: .matmul(MatmulProblem(m: 2, n: 3, k: 5, type: .fp16)))
    let other = try object(Report(product, product.totals(), error: nil))
    let sizesOfProduct = try #require(other["problem"] as? NSDictionary)
    #expect(sizesOfProduct == ["m": 2, "n": 3, "k": 5, "dtype": "fp16"])
    #expect((other["mapping"] as? [String: Int])?["tileDepth"] == 8)
    #expect(keys(other["tensors"]) == ["A", "B", "C"])
  }

  @Test("has a null error, not a missing one, where no values were kept")
  func noValues() throws {
    let plan = try plan()
    let report = try object(Report(plan, plan.totals(), error: nil))
    #expect(report["error"] is NSNull)
    #expect(try json(Report(plan, plan.totals(), error: nil)).contains("\"error\" : null"))
  }

  @Test("sorts its keys, on every level")
  func sorted() throws {
    for device in ["classroom", "a100-40gb"] {
      let plan = try plan(on: device)
      var stack: [[String]] = [[]]
      for line in try json(Report(plan, plan.totals(), error: nil)).split(separator: "\n") {
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("}") || text.hasPrefix("]") {
          let keys = stack.removeLast()
          #expect(keys == keys.sorted())
        }
        if text.hasPrefix("\"") {
          stack[stack.count - 1].append(String(text.dropFirst().prefix { $0 != "\"" }))
        }
        if text.hasSuffix("{") || text.hasSuffix("[") { stack.append([]) }
      }
      #expect(stack.count == 1)
    }
  }

  @Test("tells what L2 served, where there is one")
  func cache() throws {
    let (_, recording, report) = try full(on: "a100-40gb")
    #expect((report["l2"] as? [String: Int]) == ["hitBytes": recording.totals.l2HitBytes])
    #expect((report["units"] as? [String: Any])?["l2"] != nil)
  }

  @Test("keeps large integers exact")
  func exactIntegers() throws {
    let large = Problem.attention(
      AttentionProblem(queries: 2048, d: 64, batch: 16, heads: 64, type: .fp16))
    let plan = try plan(
      Catalogue["flash-attention-2"], problem: large, mapping: Mapping(tile: 128), on: "a100-40gb")
    let traffic = plan.traffic.first { $0.tensor == "K" }!
    var totals = try ExportsTests.plan(Catalogue["flash-attention-2"]).totals()
    totals.cycles = 9_007_199_254_740_993
    let report = try object(Report(plan, totals, error: nil))
    #expect(report["cycles"] as? Int == 9_007_199_254_740_993)
    let promised = report["closedForm"] as? [String: [String: Int]]
    #expect(promised?["K"]?["readBytes"] == traffic.transfers.readBytes)
    #expect(traffic.transfers.readBytes == 16 * 64 * 16 * 2048 * 64 * 2)
  }
}
