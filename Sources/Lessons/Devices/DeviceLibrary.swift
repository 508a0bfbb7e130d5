// The devices that are part of the program. To add one: a file in `Devices/`.
import Shipped

/// The built-in devices, by name; a file elsewhere will do as well.
public enum DeviceLibrary {
  /// The device of whoever names none.
  public static let classroom = "classroom"

  /// The names `find` knows, the default device first.
  public static let names =
    [classroom] + Shipped.names(in: "Devices", suffix: ".yaml").filter { $0 != classroom }

  /// All of them, read now.
  public static var builtIn: [DeviceFile] {
    get throws(FileError) {
      var devices: [DeviceFile] = []
      for name in names { devices.append(try find(name)) }
      return devices
    }
  }

  /// The built-in device of that name, or the one in a file: a path has a `/` in it or ends in
  /// `.yaml` or `.yml`.
  /// - Throws: `unknown` with the nearest name, or what is wrong with the file.
  public static func find(_ nameOrPath: String) throws(FileError) -> DeviceFile {
    if names.contains(nameOrPath), let bytes = Shipped.bytes("Devices/\(nameOrPath).yaml") {
      let path = "\(nameOrPath).yaml"
      return try DeviceFile(text: text(of: bytes, path: path), path: path)
    }
    guard [".yaml", ".yml"].contains(where: nameOrPath.hasSuffix) || nameOrPath.contains("/") else {
      throw .unknown(kind: "device", name: nameOrPath, valid: names)
    }
    return try DeviceFile(contentsOf: nameOrPath)
  }
}
