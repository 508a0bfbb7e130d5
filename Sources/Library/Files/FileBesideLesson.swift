// A file that a lesson names. Lessons come from strangers: one may read files beside it, and no others.

import Foundation

/// The path of a file in the folder of `lesson`; nil for a file elsewhere, also by way of a link. Whether
/// there is such a file is for its reader to say.
func path(of name: String, beside lesson: String) -> String? {
  let file = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
  let folder = parentFolder(lesson)
  let path = "\(folder)/\(file)"
  return !file.contains("/") && isDirectly(path, in: folder) ? path : nil
}

/// True where `path` does not exist, or is, with links resolved, directly in `folder`.
private func isDirectly(_ path: String, in folder: String) -> Bool {
  guard let real = realpath(path, nil) else { return true }
  defer { free(real) }
  guard let home = realpath(folder, nil) else { return false }
  defer { free(home) }
  return parentFolder(String(cString: real)) == String(cString: home)
}
