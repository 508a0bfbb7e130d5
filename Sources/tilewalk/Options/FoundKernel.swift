// The kernel that a command line names.

import Kernels
import Library
import Player
import Runs

/// A kernel by name, or from a file.
func findKernel(_ name: String) throws -> Kernel {
  if KernelLibrary.isFile(name) { return try KernelLibrary.find(name) }
  if let kernel = Catalogue.kernel(named: name) { return kernel }
  let names = Catalogue.kernels.map(\.name)
  let guess = nearest(name, in: names).map { " (did you mean \($0)?)" } ?? ""
  throw Failure.usage(
    "unknown kernel “\(visible(name))”\(guess); there are \(names.joined(separator: ", "))")
}
