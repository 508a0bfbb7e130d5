// The folder of a path. Foundation's `NSString.deletingLastPathComponent` traps on a name of one
// letter, and paths come from the user.

/// The path of the folder that holds the last component of `path`: `a/b` for `a/b/c`, `/` for `/c`,
/// and `.` for `c`.
package func parentFolder(_ path: String) -> String {
  var path = path[...]
  while path.count > 1, path.last == "/" { path = path.dropLast() }
  guard let slash = path.lastIndex(of: "/") else { return "." }
  var folder = path[..<slash]
  while folder.last == "/" { folder = folder.dropLast() }
  return folder.isEmpty ? "/" : String(folder)
}
