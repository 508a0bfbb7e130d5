// The devices that are part of the program. To add one: a file in `Devices/`, and its line here.

/// The built-in devices, by name; a file elsewhere will do as well.
public enum DeviceLibrary {
  private static let files: [(name: String, bytes: @Sendable () -> [UInt8])] = [
    ("classroom", { PackageResources.classroom_yaml }),
    ("a100-40gb", { PackageResources.a100_40gb_yaml }),
    ("a100-80gb", { PackageResources.a100_80gb_yaml }),
    ("h100-sxm", { PackageResources.h100_sxm_yaml }),
    ("h200", { PackageResources.h200_yaml }),
    ("v100", { PackageResources.v100_yaml }),
    ("t4", { PackageResources.t4_yaml }),
    ("rtx-3090", { PackageResources.rtx_3090_yaml }),
    ("rtx-4090", { PackageResources.rtx_4090_yaml }),
    ("rtx-2080-ti", { PackageResources.rtx_2080_ti_yaml }),
    ("a6000", { PackageResources.a6000_yaml }),
  ]

  /// The names `find` knows, the default device first.
  public static var names: [String] { files.map(\.name) }

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
    if let file = files.first(where: { $0.name == nameOrPath }) {
      let path = "\(file.name).yaml"
      return try DeviceFile(text: text(of: file.bytes(), path: path), path: path)
    }
    guard [".yaml", ".yml"].contains(where: nameOrPath.hasSuffix) || nameOrPath.contains("/") else {
      throw .unknown(kind: "device", name: nameOrPath, valid: names)
    }
    return try DeviceFile(contentsOf: nameOrPath)
  }
}
