// A device file: the constants of a simulated GPU, each with its source. A simulation is only as
// good as its constants, so a number without a source is an error.
import Machine

/// One number of a device file, with its source.
package struct Figure: Sendable, Equatable {
  /// Path of keys in the file: "units.hbm.latency".
  package let key: String
  package let value: Double
  /// Who measured, published or chose the value.
  package let source: String
  /// False where the file says that the source was not seen, or does not cover this device.
  package let verified: Bool
}

/// A device and the sources of its numbers.
package struct DeviceFile: Sendable, Equatable {
  package let device: Device
  /// All numbers, in the order in which the reader reads them.
  package let figures: [Figure]

  /// Keys of the numbers that are marked as not verified.
  package var unverified: [String] { figures.filter { !$0.verified }.map(\.key) }

  /// Largest size of a device file, in bytes.
  private static let limit = 64 * 1024

  /// Reads a device file.
  /// - Throws: `missing`, `unreadable`, or `malformed` with the line, what was found and expected.
  package init(contentsOf path: String) throws(FileError) {
    try self.init(text: readText(path, limit: Self.limit), path: path)
  }

  /// Reads the text of a device file; messages name it `path`.
  /// - Throws: `malformed` with the line, what was found and expected.
  package init(text: String, path: String) throws(FileError) {
    guard text.utf8.count <= Self.limit else {
      throw .malformed(path: path, reason: "expected at most \(grouped(Self.limit)) bytes")
    }
    var reader = try DeviceReader(composeYaml(text, path: path), path: path)
    device = try reader.device()
    figures = reader.figures
  }
}
