// The built-in devices, and device files by path. To add a device, put a file into `Devices/`.
import Foundation
import Shipped

/// Finds devices by name or by path.
package enum DeviceLibrary {
  /// Name of the default device.
  package static let classroom = "classroom"

  /// The names that `find` accepts, the default device first.
  package static let names =
    [classroom] + Shipped.names(in: "Devices", suffix: ".yaml").filter { $0 != classroom }

  /// The bytes of a built-in device's file; nil for other names.
  package static func text(of name: String) -> [UInt8]? { Shipped.bytes("Devices/\(name).yaml") }

  /// All built-in devices, read at each call.
  package static var builtIn: [DeviceFile] {
    get throws(FileError) {
      var devices: [DeviceFile] = []
      for name in names { devices.append(try find(name)) }
      return devices
    }
  }

  /// The device that a lesson names: a built-in one, or a file in the lesson's folder. Lessons are
  /// untrusted, so a lesson can neither read nor show any other file of the user's.
  /// - Parameter lesson: the path of the lesson's file.
  /// - Throws: `unknown`, `missing`, `unreadable` for a file elsewhere, or `malformed` with the
  ///   line only.
  package static func find(_ name: String, beside lesson: String) throws(FileError) -> DeviceFile {
    if names.contains(name) { return try find(name) }
    guard isPath(name) else { throw .unknown(kind: "device", name: name, valid: names) }
    guard let path = Library.path(of: name, beside: lesson) else {
      throw .unreadable(
        path: name, reason: "a lesson's device is a built-in one or a file beside the lesson")
    }
    do { return try DeviceFile(contentsOf: path) } catch {
      guard case .malformed(_, let line, _, _) = error else { throw error }
      throw .malformed(
        path: name, line: line,
        reason: "no device file; tilewalk run KERNEL --device FILE says what is wrong with it")
    }
  }

  /// A device's file and not its name: it contains a `/` or ends in `.yaml` or `.yml`.
  private static func isPath(_ text: String) -> Bool {
    [".yaml", ".yml"].contains(where: text.hasSuffix) || text.contains("/")
  }

  /// The built-in device of that name, or the one in a file: a path contains a `/` or ends in
  /// `.yaml` or `.yml`.
  /// - Throws: `unknown` with the nearest name, or what is wrong with the file.
  package static func find(_ nameOrPath: String) throws(FileError) -> DeviceFile {
    if names.contains(nameOrPath), let bytes = Shipped.bytes("Devices/\(nameOrPath).yaml") {
      let path = "\(nameOrPath).yaml"
      return try DeviceFile(text: Library.text(of: bytes, path: path), path: path)
    }
    guard isPath(nameOrPath) else {
      throw .unknown(kind: "device", name: nameOrPath, valid: names)
    }
    return try DeviceFile(contentsOf: nameOrPath)
  }
}
