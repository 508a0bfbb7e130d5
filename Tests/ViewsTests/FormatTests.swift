// Numbers as text.

import Machine
import Testing
import Views

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
}
