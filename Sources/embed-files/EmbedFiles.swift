// `embed-files OUTPUT ROOT FILE…` writes files into a Swift source, each as one base64 string. That
// compiles in seconds; lists of bytes, as SwiftPM's own `embedInCode` writes them, take minutes.
import Foundation

/// A tool that the build runs; it is no part of the program.
@main
struct EmbedFiles {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().map { URL(fileURLWithPath: $0) }
    guard arguments.count >= 2 else { fatalError("usage: embed-files OUTPUT ROOT FILE…") }
    let root = arguments[1].path + "/"
    let entries = try arguments.dropFirst(2).map { file in
      let name = file.path.hasPrefix(root) ? String(file.path.dropFirst(root.count)) : file.path
      return "  (\"\(name)\", \"\(try Data(contentsOf: file).base64EncodedString())\"),\n"
    }
    let source =
      "let shippedFiles: [(path: StaticString, base64: StaticString)] = [\n"
      + entries.joined() + "]\n"
    try Data(source.utf8).write(to: arguments[0])
  }
}
