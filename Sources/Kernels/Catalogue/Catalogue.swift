// The shipped kernels: every text in the folder `Kernels`.

import Notation
import Shipped

/// The shipped kernels.
package enum Catalogue {
  /// The correct kernels, by the number in their line `order`, then by name.
  package static let kernels = all.filter { !$0.text.isFaulty }.sorted {
    ($0.text.order ?? .max, $0.name) < ($1.text.order ?? .max, $1.name)
  }

  /// The kernels that are wrong on purpose, for a lesson about finding bugs; no list shows them.
  package static let faulty = all.filter(\.text.isFaulty)

  static let all: [Kernel] = Shipped.names(in: "Kernels", suffix: ".kernel").map { path in
    guard let bytes = Shipped.bytes("Kernels/\(path).kernel") else {
      fatalError("Kernels/\(path).kernel is not there")
    }
    do throws(Diagnostic) {
      let text = try KernelText(bytes, size: bytes.count)
      return Kernel(text, original: text.name)
    } catch {
      fatalError("Kernels/\(path).kernel:\(error.place.line): \(error.message)")
    }
  }

  /// The textbook kernel, with which others are compared: the first that keeps N × Nk matrices in
  /// HBM.
  package static let textbook = kernels.first { !$0.scoreMatrices.isEmpty } ?? kernels[0]

  /// The correct kernel of that name; nil for none.
  package static func kernel(named name: String) -> Kernel? {
    kernels.first { $0.name == name }
  }

  /// The kernel of that name, correct or wrong on purpose.
  /// - Precondition: there is one.
  package static subscript(name: String) -> Kernel { anyKernel(named: name)! }

  /// The kernel of that name, correct or wrong on purpose; nil for none.
  package static func anyKernel(named name: String) -> Kernel? {
    all.first { $0.name == name }
  }

  /// The bytes of a shipped kernel's text; nil for an unknown name.
  package static func text(of name: String) -> [UInt8]? {
    let path = Shipped.names(in: "Kernels", suffix: ".kernel").first {
      $0 == name || $0.hasSuffix("/" + name)
    }
    return path.flatMap { Shipped.bytes("Kernels/\($0).kernel") }
  }
}
