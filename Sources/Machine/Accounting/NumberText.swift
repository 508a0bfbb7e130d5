// Numbers as text, short enough for a panel; byte counts below a million are exact.

/// A number with commas between thousands: `12,345`.
package func grouped(_ value: Int) -> String {
  var text = String(abs(value))
  var index = text.count - 3
  while index > 0 {
    text.insert(",", at: text.index(text.startIndex, offsetBy: index))
    index -= 3
  }
  return value < 0 ? "-" + text : text
}

/// Bytes, exact below a million: `155,648 B`. From there on with three significant digits and a
/// decimal prefix: `40.3 GB`.
package func bytesText(_ value: Int) -> String {
  value < 1_000_000 ? "\(grouped(value)) B" : prefixed(Double(value), "B")
}

/// Three significant digits with a decimal prefix: `1.56 TB/s` from 1.56e12 and `B/s`.
package func prefixed(_ value: Double, _ unit: String) -> String {
  var value = value
  var prefixes = ["", "k", "M", "G", "T", "P"][...]
  while abs(value) >= 999.5, prefixes.count > 1 {
    value /= 1000
    prefixes = prefixes.dropFirst()
  }
  let digits = abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0
  return "\(fixed(value, digits)) \(prefixes.first!)\(unit)"
}

/// `value` with `digits` decimals; a number of more than 15 digits as Swift prints it.
package func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite else { return special(value) }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 1e15 else { return "\(value)" }
  let sign = value < 0 && scaled != 0 ? "-" : ""
  let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
  guard digits > 0 else { return "\(sign)\(whole)" }
  let tail = String(fraction)
  return "\(sign)\(whole).\(String(repeating: "0", count: digits - tail.count))\(tail)"
}

/// A value of a tile, in at most seven columns.
package func short(_ value: Float) -> String {
  let magnitude = abs(Double(value))
  guard value.isFinite else { return special(Double(value)) }
  if value == 0 { return "0" }
  if magnitude < 0.0005 || magnitude >= 99_999 { return scientific(Double(value)) }
  return fixed(Double(value), magnitude < 100 ? 3 : magnitude < 1000 ? 2 : 0)
}

/// The text of a number that is not finite.
private func special(_ value: Double) -> String {
  value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞"
}

/// `1.2e-5`, without the C library.
private func scientific(_ value: Double) -> String {
  var mantissa = abs(value)
  var exponent = 0
  while mantissa >= 9.95 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa < 0.995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  return "\(value < 0 ? "-" : "")\(fixed(mantissa, 1))e\(exponent)"
}

extension Int {
  /// The whole part of a number; 0 for NaN, and the nearest Int for a number beyond the range.
  package init(clamping value: Double) {
    self = value.isNaN ? 0 : Int(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
  }
}
