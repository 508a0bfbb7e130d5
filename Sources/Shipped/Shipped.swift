// The files that the build embeds in the program: devices, kernels, lessons, published figures,
// samples. The build plugin generates their list, `shippedFiles`.
import Foundation

/// The embedded files of the folders `Devices`, `Kernels`, `Lessons`, `Published` and `Samples`.
package enum Shipped {
  /// The names of a folder's files that end in `suffix`, without it, in alphabetical order.
  package static func names(in folder: String, suffix: String) -> [String] {
    shippedFiles.map { "\($0.path)" }
      .filter { $0.hasPrefix("\(folder)/") && $0.hasSuffix(suffix) }
      .map { String($0.dropFirst(folder.count + 1).dropLast(suffix.count)) }
      .sorted()
  }

  /// The content of the file at a path as `Lessons/01-attention.md`; nil if no such file is
  /// embedded.
  package static func bytes(_ path: String) -> [UInt8]? {
    guard let file = shippedFiles.first(where: { "\($0.path)" == path }) else { return nil }
    return file.base64.withUTF8Buffer { base64 in Data(base64Encoded: Data(base64)) }.map {
      [UInt8]($0)
    }
  }
}
