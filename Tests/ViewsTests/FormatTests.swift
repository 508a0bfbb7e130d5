// Numbers as text.

import Canvas
import Machine
import Testing

@testable import Library
@testable import Runs
@testable import Views

@Suite("Numbers as text")
struct FormatTests {
  @Test(
    "are grouped by thousands",
    arguments: [
      (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (12_345, "12,345"),
    ])
  func grouping(value: Int, text: String) { #expect(grouped(value) == text) }

  @Test(
    "keep their decimals, and do not print a negative zero",
    arguments: [
      (1.005, 2, "1.00"), (-0.001, 2, "0.00"), (2.5, 0, "3"), (-1.25, 1, "-1.3"),
      (.infinity, 2, "∞"),
      (.nan, 2, "NaN"), (9.999, 2, "10.00"),
    ])
  func decimals(value: Double, digits: Int, text: String) { #expect(fixed(value, digits) == text) }

  @Test(
    "fit into seven columns",
    arguments: [
      0, 1, -1, 0.0001, -0.00049, 123_456, -9.9e30, .leastNonzeroMagnitude, .infinity, -.infinity,
      .nan, 99.9995,
      999.99, 99_998.5, -99_998.5, 3.4e38,
    ] as [Float])
  func narrow(value: Float) { #expect(short(value).count <= 7) }

  @Test(
    "carry decimal prefixes",
    arguments: [
      (1.555e12, "1.56 TB/s"), (999.4, "999 B/s"), (999.6, "1.00 kB/s"), (16e9, "16.0 GB/s"),
    ])
  func prefixes(value: Double, text: String) { #expect(prefixed(value, "B/s") == text) }

  @Test("are exact below a million bytes")
  func bytes() {
    #expect(bytesText(155_648) == "155,648 B")
    #expect(bytesText(40_300_000_000) == "40.3 GB")
  }

  @Test("text is wrapped at blanks")
  func wrapping() {
    #expect("one two three".wrapped(7) == ["one two", "three"])
    #expect("".wrapped(5).isEmpty)
  }

  @Test("words longer than a line are broken anywhere, and a width of nothing is one")
  func longWords() {
    #expect("abcdefgh ij".wrapped(3) == ["abc", "def", "gh", "ij"])
    #expect("ab".wrapped(0) == ["a", "b"])
  }

  @Test("minus infinity has one sign")
  func infinity() {
    #expect(short(-.infinity) == "−∞" && fixed(-.infinity, 2) == "−∞")
  }

  @Test(
    "a bar is full only when full, and drawn whatever the share",
    arguments: [
      (0.964, "█████████░"), (1, "██████████"), (0.9999, "█████████░"), (0, "░░░░░░░░░░"),
      (0.5, "█████░░░░░"), (7, "██████████"), (-1, "░░░░░░░░░░"), (.nan, "░░░░░░░░░░"),
      (.infinity, "██████████"),
    ])
  func bars(share: Double, text: String) {
    #expect(bar(share, width: 10) == text)
    #expect(bar(share, width: -1).isEmpty)
  }

  @Test("times that are compared have one unit and as many decimals")
  func times() {
    let micro = TimeScale([0.00013, 54.95e-6])
    #expect(micro.text(0.00013) == "130.000 µs" && micro.text(54.95e-6) == "54.950 µs")
    let milli = TimeScale([0.0417, 7.3e-6])
    #expect(milli.text(0.0417) == "41.700 ms" && milli.text(7.3e-6) == "0.007 ms")
    #expect(TimeScale([]).text(0) == "0.000 µs" && TimeScale([.nan]).text(.infinity) == "∞ µs")
  }

  @Test("numbers without a whole part, or too large for one, do not trap")
  func wholes() {
    #expect(Int(clamping: 2.9) == 2 && Int(clamping: -2.9) == -2 && Int(clamping: .nan) == 0)
    #expect(Int(clamping: .infinity) == .max && Int(clamping: -1e300) == .min)
  }

  @Test("what the edge cuts off ends in …, so that no name or number looks shorter than it is")
  func edges() {
    var canvas = Canvas(width: 9, height: 4)
    canvas.put("▲alpha[1]", row: 0, column: 0, in: canvas.bounds)
    canvas.put("▲alpha[1]", row: 1, column: 1, in: canvas.bounds)
    canvas.put("0.125    ", row: 2, column: 4, in: canvas.bounds)
    canvas.put("12", row: 3, column: 9, in: canvas.bounds)
    #expect(canvas.lines == ["▲alpha[1]", " ▲alpha[…", "    0.125", ""])
  }

  @Test(
    "In ASCII a name keeps its tilde and ∞ its word where blanks have room, and the rest its place")
  func spelled() {
    func ascii(_ line: String) -> String {
      var canvas = Canvas(width: line.count, height: 1)
      canvas.put(line, row: 0, column: 0, in: canvas.bounds)
      return canvas.asciiOnly.lines[0]
    }
    #expect(ascii("▲l̃[3] ▲m̃[3]   │ x") == "^l~[3] ^m~[3] | x")
    #expect(ascii("m −∞ → 1.5   │ x") == "m -inf > 1.5 | x")
    #expect(ascii("l̃ │ x") == "l | x")
    #expect(ascii("l̃") == "l")
  }
}
