// Formats quantities: exact where they are whole and short, otherwise with three significant
// digits.

import Library
import Machine

extension Quantity {
  /// The number with its unit: `155,648 B`, `5,305 cycles`, `7.3 ms`, `4.02`.
  package var text: String { text(in: nil, digits: nil) }

  /// The number in `unit`, or in a suitable one, with `digits` decimals, or as many as needed.
  func text(in unit: DisplayUnit?, digits: Int?) -> String {
    if let unit {
      let number = number(value / unit.size, digits)
      switch unit.name {
      case "plain": return number
      case "%": return number + "%"
      case "x": return number + "×"
      default: return "\(number) \(unit.symbol)"
      }
    }
    if let digits { return suffixed(number(value, digits)) }
    switch dimension {
    case .bytes where abs(value) >= 1e6: return prefixed(value, "B")
    case .flops where abs(value) >= 1e6: return prefixed(value, "FLOPs")
    case .seconds: return seconds
    // Rates of a whole device.
    case _ where abs(value) >= 1e9 && !dimension.symbol.isEmpty && dimension != .cycles:
      return prefixed(value, dimension.symbol)
    default: return suffixed(number(value, nil))
    }
  }

  private func suffixed(_ number: String) -> String {
    var symbol = dimension.symbol
    if number == "1", [.cycles, .flops].contains(dimension) { symbol.removeLast() }
    return symbol.isEmpty ? number : "\(number) \(symbol)"
  }

  private var seconds: String {
    let units: [(Double, String)] = [(1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")]
    let unit = units.first { abs(value) >= 0.9995 * $0.0 } ?? units[3]
    return "\(number(value / unit.0, nil)) \(unit.1)"
  }

  private func number(_ value: Double, _ digits: Int?) -> String {
    if let digits { return groupedDecimal(fixed(value, digits)) }
    if value == value.rounded(), abs(value) < 1e15 { return grouped(Int(value)) }
    return groupedDecimal(significant(value))
  }
}

/// Three significant digits, or four where the first is a 1; very small and very large numbers as
/// powers of ten.
private func significant(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "−∞" : "∞" }
  let magnitude = abs(value)
  guard magnitude >= 1e-4, magnitude < 1e15 else { return short(Float(value)) }
  var digits = 2
  var scaled = magnitude
  while scaled < 1 { (scaled, digits) = (scaled * 10, digits + 1) }
  while scaled >= 10 { (scaled, digits) = (scaled / 10, digits - 1) }
  if scaled < 2 { digits += 1 }
  var text = fixed(value, max(0, digits))
  guard text.contains(".") else { return text }
  while text.last == "0" { text.removeLast() }
  return text.last == "." ? String(text.dropLast()) : text
}

/// The number with commas between groups of three digits: `12,345.6`.
private func groupedDecimal(_ text: String) -> String {
  let whole = text.prefix { $0.isNumber || $0 == "-" }
  guard let number = Int(whole), abs(number) >= 1000 else { return text }
  return grouped(number) + text.dropFirst(whole.count)
}
