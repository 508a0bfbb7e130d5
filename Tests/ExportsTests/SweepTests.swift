// A sweep as tables and as JSON: every point is there, with or without a figure.

import Canvas
import Exports
import Foundation
import Testing

@testable import Studies

@Suite("A sweep")
struct SweepTests {
  private var sweep: Sweep {
    var sweep = Sweep(
      option: "n", isMultiplicative: true, figures: ["seconds", "speedup"], kernels: ["a", "b"],
      devices: ["v100"], baseline: "a")
    for (kernel, value, seconds) in [("a", 512.0, 2e-3), ("b", 512, 1e-3), ("b", 1024, 4e-6)] {
      var point = Sweep.Point(kernel: kernel, device: "v100", value: value)
      point.figures["seconds"] = seconds
      point.figures["speedup"] = kernel == "b" && value == 512 ? 2 : 1
      sweep.points.append(point)
    }
    var lost = Sweep.Point(kernel: "a", device: "v100", value: 1024)
    (lost.reason, lost.infeasibility) = ("out of memory: 1 GB, of 0", "out of memory")
    sweep.points.append(lost)
    return sweep
  }

  @Test("is a table per figure, with a word where there is no run")
  func tables() {
    #expect(
      table(sweep) == """
        seconds on v100
           n              a     b
         512           2 ms  1 ms
        1024  out of memory  4 µs

        speedup over a on v100
           n              a   b
         512             1×  2×
        1024  out of memory  1×

        """)
  }

  @Test("is a line per run in comma-separated values")
  func values() {
    let lines = csv(sweep).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "device,kernel,n,seconds,speedup,reason")
    #expect(lines[1] == "v100,a,512,0.002,1,")
    #expect(lines[2] == "v100,a,1024,,,\"out of memory: 1 GB, of 0\"")
  }

  @Test("has null and the reason in JSON where there is no run")
  func nulls() throws {
    let data = Data(try json(sweep).utf8)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == ["schema", "over", "figures", "baseline", "points"])
    let points = try #require(object["points"] as? [[String: Any]])
    #expect(points.count == 4 && points[1]["reason"] as? String == "out of memory: 1 GB, of 0")
    #expect((points[1]["figures"] as? [String: Any])?["seconds"] is NSNull)
    #expect((points[0]["figures"] as? [String: Any])?["seconds"] as? Double == 0.002)
  }

  @Test("colours are escape sequences that end with their line, or nothing at all")
  func colours() {
    var canvas = Canvas(width: 6, height: 1)
    canvas.put("A", Style(.load, bold: true), row: 0, column: 0, in: canvas.bounds)
    canvas.put("b", row: 0, column: 2, in: canvas.bounds)
    #expect(ansi(canvas, 0) == "A b\n")
    #expect(ansi(canvas, 8) == "\u{1B}[0m\u{1B}[1;36mA \u{1B}[0mb\n")
    #expect(ansi(canvas, 256) == "\u{1B}[0m\u{1B}[1;38;5;74mA \u{1B}[0mb\n")
  }
}
