// `tilewalk show NAME`: the text of a built-in kernel, lesson or device, unchanged.

import ArgumentParser
import Kernels
import Lessons
import Library
import Runs

/// Prints a built-in text.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the text of a kernel, a lesson or a device.",
    discussion: "To start a kernel of your own: tilewalk show flash-attention-2 > mine.kernel")

  @Argument(help: "A name from list kernels, list lessons or list devices.") var name: String

  func run() throws {
    guard
      let bytes = Catalogue.text(of: name) ?? LessonLibrary.text(of: name)
        ?? DeviceLibrary.text(of: name)
    else {
      let names = Catalogue.kernels.map(\.name) + LessonLibrary.names + DeviceLibrary.names
      let hint = guess(for: name, in: names)
      throw Failure.usage(
        "nothing shipped is called “\(visible(name))”\(hint); list kernels, list lessons and list devices say what there is"
      )
    }
    try emit(String(decoding: bytes, as: UTF8.self))
  }
}
