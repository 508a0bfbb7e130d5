// The devices that are part of the program. To add one: a file in `Devices/`.
import Foundation
import Shipped

/// The built-in devices, by name; a file elsewhere will do as well.
package enum DeviceLibrary {
  /// The device of whoever names none.
  package static let classroom = "classroom"

  /// The names `find` knows, the default device first.
  package static let names =
    [classroom] + Shipped.names(in: "Devices", suffix: ".yaml").filter { $0 != classroom }

  /// A built-in device's file as it is; nil for other names.
  package static func text(of name: String) -> [UInt8]? { Shipped.bytes("Devices/\(name).yaml") }

  /// All of them, read now.
  package static var builtIn: [DeviceFile] {
    get throws(FileError) {
      var devices: [DeviceFile] = []
      for name in names { devices.append(try find(name)) }
      return devices
    }
  }

  /// A device that a lesson names: a built-in one, or a file beside the lesson's own. A lesson comes
  /// from strangers, so it reads no other file of its reader's, and shows nothing of one.
  /// - Parameter lesson: the path of the lesson's file.
  package static func find(_ name: String, beside lesson: String) throws(FileError) -> DeviceFile {
    if names.contains(name) { return try find(name) }
    let file = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    guard [".yaml", ".yml"].contains(where: file.hasSuffix) || file.contains("/") else {
      throw .unknown(kind: "device", name: name, valid: names)
    }
    let folder = parentFolder(lesson)
    let path = "\(folder)/\(file)"
    guard !file.contains("/"), isFile(path, in: folder) else {
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

  /// True where nothing is there, or a file that is really in that folder.
  static func isFile(_ path: String, in folder: String) -> Bool {
    guard let real = realpath(path, nil) else { return true }
    defer { free(real) }
    guard let home = realpath(folder, nil) else { return false }
    defer { free(home) }
    return parentFolder(String(cString: real)) == String(cString: home)
  }

  /// The built-in device of that name, or the one in a file: a path has a `/` in it or ends in
  /// `.yaml` or `.yml`.
  /// - Throws: `unknown` with the nearest name, or what is wrong with the file.
  package static func find(_ nameOrPath: String) throws(FileError) -> DeviceFile {
    if names.contains(nameOrPath), let bytes = Shipped.bytes("Devices/\(nameOrPath).yaml") {
      let path = "\(nameOrPath).yaml"
      return try DeviceFile(text: Library.text(of: bytes, path: path), path: path)
    }
    guard [".yaml", ".yml"].contains(where: nameOrPath.hasSuffix) || nameOrPath.contains("/") else {
      throw .unknown(kind: "device", name: nameOrPath, valid: names)
    }
    return try DeviceFile(contentsOf: nameOrPath)
  }
}
