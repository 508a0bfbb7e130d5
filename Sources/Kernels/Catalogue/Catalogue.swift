// The shipped kernels: every text in the folder `Kernels`.

import Notation
import Shipped
import Synchronization

/// The shipped kernels.
package enum Catalogue {
  /// The correct kernels, by the number in their line `order`, then by name.
  package static let kernels = all.filter { !$0.text.isFaulty }.sorted {
    ($0.text.order ?? .max, $0.name) < ($1.text.order ?? .max, $1.name)
  }

  /// The kernels that are wrong on purpose, for a lesson about finding bugs; no list shows them.
  package static let faulty = all.filter(\.text.isFaulty)

  static let all: [Kernel] = paths.map(kernel)

  /// The paths of the texts below `Kernels`, without `.kernel`. A text stands in the file of its name.
  private static let paths = Shipped.names(in: "Kernels", suffix: ".kernel")

  /// The kernels that have been read: a lesson needs two of them, and reading all takes longer than its
  /// first frame may.
  private static let read = Mutex<[String: Kernel]>([:])

  private static func kernel(at path: String) -> Kernel {
    if let known = read.withLock({ $0[path] }) { return known }
    guard let bytes = Shipped.bytes("Kernels/\(path).kernel") else {
      fatalError("Kernels/\(path).kernel is not there")
    }
    do throws(Diagnostic) {
      let text = try KernelText(bytes, size: bytes.count)
      let kernel = Kernel(text, original: text.name)
      read.withLock { $0[path] = kernel }
      return kernel
    } catch {
      fatalError("Kernels/\(path).kernel:\(error.place.line): \(error.message)")
    }
  }

  /// The textbook kernel, with which others are compared: the first that keeps N × Nk matrices in
  /// HBM.
  package static let textbook = kernels.first { !$0.scoreMatrices.isEmpty } ?? kernels[0]

  /// The correct kernel of that name; nil for none.
  package static func kernel(named name: String) -> Kernel? {
    anyKernel(named: name).flatMap { $0.text.isFaulty ? nil : $0 }
  }

  /// The kernel of that name, correct or wrong on purpose.
  /// - Precondition: there is one.
  package static subscript(name: String) -> Kernel { anyKernel(named: name)! }

  /// The kernel of that name, correct or wrong on purpose; nil for none.
  package static func anyKernel(named name: String) -> Kernel? {
    path(of: name).map(kernel)
  }

  private static func path(of name: String) -> String? {
    paths.first { $0 == name || $0.hasSuffix("/" + name) }
  }

  /// The bytes of a shipped kernel's text; nil for an unknown name.
  package static func text(of name: String) -> [UInt8]? {
    path(of: name).flatMap { Shipped.bytes("Kernels/\($0).kernel") }
  }
}
