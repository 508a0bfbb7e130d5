// Products in terms: which one it is, so that a backward pass is known to do it again.

import Machine

/// Which product of two tensors it is.
enum ProductSignature {
  /// Empty for products of what is on chip only.
  static func of(_ a: Term, _ b: Term, _ transposing: Transposed, _ types: TileTypes) -> String {
    guard case .name(let left, _) = a, case .name(let right, _) = b,
      let first = types.sources[left], let second = types.sources[right]
    else { return "" }
    return "\(first) \(second) \(transposing)"
  }

  /// All that a launch does.
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
  /// Without `.T`, and whether there was one.
  var untransposed: (Term, Bool) {
    guard case .transposed(let inner, _) = self else { return (self, false) }
    let (term, isTransposed) = inner.untransposed
    return (term, !isTransposed)
  }

  /// Every product in it.
  var products: [(Term, Term)] {
    let inside = parts.flatMap(\.products)
    if case .product(let a, let b, _) = self { return inside + [(a, b)] }
    return inside
  }

  /// The operands of the one product in it that other things are done to; nil if there are more or none.
  var onlyProduct: (Term, Term)? { products.count == 1 ? products[0] : nil }

  /// `PV`: a product is called like its operands.
  func operandLabel(_ label: (String) -> String) -> String {
    switch self {
    case .name(let name, _): label(name)
    case .number: ""
    default: parts.map { $0.operandLabel(label) }.joined()
    }
  }
}
