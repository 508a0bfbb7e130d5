// The verb of an op in logs and in event references, by the form of its term.

import Machine

extension Compiler {
  func verb(of term: Term, _ name: String, _ type: TileType) -> Verb {
    switch term {
    case .number, .name: return .fill
    case .negative: return .scale
    case .product: return .multiply
    case .transposed: return .combine
    case .call("rowmax", _, _): return .rowmax
    case .call("max", _, _): return term.calls("rowmax") ? .rowmax : .max
    case .call("rowsum", let terms, _):
      if case .binary(.times, _, _, _) = terms[0] { return .rowdot }
      return .rowsum
    case .call("exp", _, _), .call("rawexp", _, _): return type.isColumn ? .factor : .exp
    case .call("log", _, _): return .log
    case .call("where", let terms, _):
      return terms.contains { if case .number(-.infinity, _) = $0 { true } else { false } }
        ? .mask : .combine
    case .call: return .combine
    case .binary(.plus, let a, let b, _):
      if term.calls("log") { return .logsumexp }
      if a.isName(name) || b.isName(name) { return .accumulate }
      return term.multiplies ? .rescale : .combine
    case .binary(.minus, _, _, _): return .subtract
    case .binary(.over, let a, _, _): return a.multiplies ? verb(of: a, name, type) : .divide
    case .binary(.times, let a, let b, _):
      if labels.label(of: name, type).isGradientName, term.subtracts { return .gradient }
      if a.isNumber || b.isNumber { return .scale }
      return term.names.contains { types.types[$0.name]?.isColumn == true } ? .rescale : .combine
    case .binary: return .combine
    }
  }
}

extension Term {
  fileprivate var isNumber: Bool {
    switch self {
    case .number, .name("scale", _), .name("dropout", _): true
    default: false
    }
  }

  fileprivate var multiplies: Bool {
    if case .binary(.times, _, _, _) = self { return true }
    return parts.contains(where: \.multiplies)
  }

  fileprivate var subtracts: Bool {
    if case .binary(.minus, _, _, _) = self { return true }
    return parts.contains(where: \.subtracts)
  }
}
