// Finds the kernel that a command line names.

import Kernels
import Library
import Runs

/// The built-in kernel called `name`, or the one in that file.
/// - Throws: `Failure` 64 for an unknown name, `FileError` for a bad file.
func findKernel(_ name: String) throws -> Kernel {
  if KernelLibrary.isFile(name) { return try KernelLibrary.find(name) }
  if let kernel = Catalogue.kernel(named: name) { return kernel }
  let names = Catalogue.kernels.map(\.name)
  let hint = guess(for: name, in: names)
  throw Failure.usage(
    "unknown kernel “\(visible(name))”\(hint); there are \(names.joined(separator: ", "))")
}
