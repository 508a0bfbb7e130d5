// Answers from standard input: a person at a terminal, a pipe, or nothing at all.

import Exports
import Foundation
import Lessons
import Library

/// Standard input, line by line.
struct StandardInput: AnswerSource {
  let allowsRetry: Bool
  private var bytes: [UInt8] = []
  private var isOver = false
  /// No answer is longer; what is does not fill the memory.
  private static let limit = 10_000

  init(allowsRetry: Bool) { self.allowsRetry = allowsRetry }

  mutating func answer(to question: Question, invite: () throws -> Bool) throws -> String? {
    // Whoever has sent nothing, but may, is told that it is their turn.
    if !hasLine, !isOver, isSilent || !fill(), !isOver, try !invite() { return nil }
    while !hasLine, !isOver { _ = fill() }
    return takeLine()
  }

  private var hasLine: Bool { bytes.contains(UInt8(ascii: "\n")) }

  /// Nothing could be read without waiting.
  private var isSilent: Bool {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 0) == 0
  }

  /// Reads what there is, or waits for it; false if no line is complete after that.
  private mutating func fill() -> Bool {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count > 0 {
      bytes += buffer.prefix(count)
    } else if count == 0 || errno != EINTR {
      isOver = true
    }
    if bytes.count > Self.limit, !hasLine { isOver = true }
    return hasLine
  }

  /// The first line without its end; the last may have none.
  private mutating func takeLine() -> String? {
    guard !bytes.isEmpty else { return nil }
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    bytes.removeFirst(min(bytes.count, line.count + 1))
    let text = String(decoding: line, as: UTF8.self)
    return text.hasSuffix("\r") ? String(text.dropLast()) : text
  }
}

/// Answers from a file: each is given once.
struct SheetAnswers: AnswerSource {
  let sheet: AnswerSheet
  var allowsRetry: Bool { false }

  mutating func answer(to question: Question, invite: () throws -> Bool) -> String? {
    sheet.answer(to: question.id)
  }
}
