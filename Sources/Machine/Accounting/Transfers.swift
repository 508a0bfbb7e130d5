// Bytes between one tensor and the chip.

/// Bytes between one tensor and the chip.
package struct Transfers: Sendable, Equatable {
  package var readBytes = 0
  package var writeBytes = 0

  package init(readBytes: Int = 0, writeBytes: Int = 0) {
    self.readBytes = readBytes
    self.writeBytes = writeBytes
  }

  package var bytes: Int { readBytes + writeBytes }

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
