// The shipped kernels: every text in the folder `Kernels`.

import Machine
import Notation
import Shipped

/// Every shipped kernel.
package enum Catalogue {
  /// Those that compute what they should, in the order of the lecture.
  package static let kernels = all.filter { !$0.text.isFaulty }.sorted {
    ($0.text.order ?? .max, $0.name) < ($1.text.order ?? .max, $1.name)
  }

  /// Those that are wrong on purpose, for a lesson in which a class finds out why: no list shows them.
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

  /// The first that keeps matrices of N × Nk in HBM: what others are compared with.
  package static let textbook = kernels.first { !$0.scoreMatrices.isEmpty } ?? kernels[0]

  package static func kernel(named name: String) -> Kernel? {
    kernels.first { $0.name == name }
  }

  /// - Precondition: there is one of that name.
  package static subscript(name: String) -> Kernel { anyKernel(named: name)! }

  /// Also those that are wrong on purpose.
  package static func anyKernel(named name: String) -> Kernel? {
    all.first { $0.name == name }
  }

  /// A kernel's text as it is shipped.
  package static func text(of name: String) -> [UInt8]? {
    let path = Shipped.names(in: "Kernels", suffix: ".kernel").first {
      $0 == name || $0.hasSuffix("/" + name)
    }
    return path.flatMap { Shipped.bytes("Kernels/\($0).kernel") }
  }
}
