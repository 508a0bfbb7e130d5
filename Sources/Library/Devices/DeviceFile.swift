// A device as its file tells it: the machine's numbers and, beside each, where it comes from. A
// simulator is as good as its constants, so none may stand there without a source.
import Machine

/// One number of a device file.
package struct Figure: Sendable, Equatable {
  /// Its place in the file: "units.hbm.latency".
  package let key: String
  package let value: Double
  /// Who measured, published or chose it.
  package let source: String
  /// False where the file says that the source was not seen or does not cover this device.
  package let verified: Bool
}

/// A device and the origin of its numbers.
package struct DeviceFile: Sendable, Equatable {
  package let device: Device
  /// All numbers, in the order in which the reader asks for them.
  package let figures: [Figure]

  /// Keys of the numbers that nobody has verified.
  package var unverified: [String] { figures.filter { !$0.verified }.map(\.key) }

  /// Bytes beyond which a file is not taken for a device.
  private static let limit = 64 * 1024

  /// Reads a device file.
  /// - Throws: `missing`, `unreadable`, or `malformed` with the line, what was found and expected.
  package init(contentsOf path: String) throws(FileError) {
    try self.init(text: readText(path, limit: Self.limit), path: path)
  }

  /// Reads the text of a device file; `path` is for messages.
  package init(text: String, path: String) throws(FileError) {
    guard text.utf8.count <= Self.limit else {
      throw .malformed(path: path, reason: "expected at most \(grouped(Self.limit)) bytes")
    }
    var reader = try DeviceReader(composeYaml(text, path: path), path: path)
    device = try reader.device()
    figures = reader.figures
  }
}
