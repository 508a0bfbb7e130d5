// The traffic between one tensor and the SMs.

/// Bytes read from and written to one tensor.
package struct Transfers: Sendable, Equatable {
  package var readBytes = 0
  package var writeBytes = 0

  package init(readBytes: Int = 0, writeBytes: Int = 0) {
    self.readBytes = readBytes
    self.writeBytes = writeBytes
  }

  /// Bytes read and written together.
  package var bytes: Int { readBytes + writeBytes }

  /// The sum, reads and writes apart.
  package static func + (a: Transfers, b: Transfers) -> Transfers {
    Transfers(readBytes: a.readBytes + b.readBytes, writeBytes: a.writeBytes + b.writeBytes)
  }
}

extension Transfers {
  mutating func add(_ other: Transfers, times: Int) {
    readBytes += times * other.readBytes
    writeBytes += times * other.writeBytes
  }
}
