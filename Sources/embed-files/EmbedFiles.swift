// Writes files into a Swift source: `embed-files OUTPUT ROOT FILE…`. One long string a file compiles in
// no time, where a list of bytes as SwiftPM's own `embedInCode` writes it takes minutes.
import Foundation

/// The build's own tool; nothing of it is in tilewalk.
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
