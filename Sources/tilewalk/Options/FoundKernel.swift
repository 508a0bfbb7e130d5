// The kernel that a command line names.

import Kernels
import Library
import Runs

/// A kernel by name, or from a file.
func findKernel(_ name: String) throws -> Kernel {
  if KernelLibrary.isFile(name) { return try KernelLibrary.find(name) }
  if let kernel = Catalogue.kernel(named: name) { return kernel }
  let names = Catalogue.kernels.map(\.name)
  let hint = guess(for: name, in: names)
  throw Failure.usage(
    "unknown kernel “\(visible(name))”\(hint); there are \(names.joined(separator: ", "))")
}
