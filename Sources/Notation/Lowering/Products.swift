// Matrix products in terms, and their signatures: a signature that occurs in both passes shows
// recomputation.

import Machine

/// Signatures of products: the two tensors, and which operand is transposed.
enum ProductSignature {
  /// The signature of a product; empty if an operand was not loaded from HBM.
  static func of(_ a: Term, _ b: Term, _ transposing: Transposed, _ types: TileTypes) -> String {
    guard case .name(let left, _) = a, case .name(let right, _) = b,
      let first = types.sources[left], let second = types.sources[right]
    else { return "" }
    return "\(first) \(second) \(transposing)"
  }

  /// The signatures of all products of a launch.
  static func all(in launch: ResolvedLaunch, _ types: TileTypes) -> Set<String> {
    var result: Set<String> = []
    for statement in launch.body.all {
      switch statement.kind {
      case .assign(_, let term, _), .store(_, let term), .add(_, let term):
        for (a, b) in term.products {
          let (left, isLeft) = a.untransposed
          let (right, isRight) = b.untransposed
          result.insert(of(left, right, isLeft ? .left : isRight ? .right : .neither, types))
        }
      default: break
      }
    }
    result.remove("")
    return result
  }
}

extension Term {
  /// The operands of every product in it.
  var products: [(Term, Term)] {
    let inside = parts.flatMap(\.products)
    if case .product(let a, let b, _) = self { return inside + [(a, b)] }
    return inside
  }

  /// The operands of the product in it; nil if there is none, or more than one.
  var onlyProduct: (Term, Term)? { products.count == 1 ? products[0] : nil }

  /// The label of a temporary tile, from the labels of the names in its term: `PV` for `p @ v`.
  func operandLabel(_ label: (String) -> String) -> String {
    switch self {
    case .name(let name, _): label(name)
    case .number: ""
    default: parts.map { $0.operandLabel(label) }.joined()
    }
  }
}
