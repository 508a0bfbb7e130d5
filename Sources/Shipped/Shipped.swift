// The files that are part of the program: devices, lessons, samples, published figures. Their folder is
// the catalogue; the build puts every file of it in here.
import Foundation

/// Files of the folders `Devices`, `Lessons`, `Published` and `Samples`.
package enum Shipped {
  /// The names of a folder's files that end in `suffix`, without it, in alphabetical order.
  package static func names(in folder: String, suffix: String) -> [String] {
    shippedFiles.map { "\($0.path)" }
      .filter { $0.hasPrefix("\(folder)/") && $0.hasSuffix(suffix) }
      .map { String($0.dropFirst(folder.count + 1).dropLast(suffix.count)) }
      .sorted()
  }

  /// What stands in a file, `Lessons/01-attention.md`; nil where no such file is part of the program.
  package static func bytes(_ path: String) -> [UInt8]? {
    guard let file = shippedFiles.first(where: { "\($0.path)" == path }) else { return nil }
    return file.base64.withUTF8Buffer { base64 in Data(base64Encoded: Data(base64)) }.map {
      [UInt8]($0)
    }
  }
}
