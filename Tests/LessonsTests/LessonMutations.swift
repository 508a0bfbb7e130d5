// The mutations themselves: what authors get wrong in a lesson's own words, and what strangers do to
// any file.

@testable import Library

extension Mutation {
  /// Mistakes in what a lesson says.
  static let mistakes = [
    Mutation(name: "a wrong key in a cue") { script in
      (script.lines(of: "cue", key: "until") + script.lines(of: "cue", key: "focus")).map {
        script.replacing($0, "x" + script.lines[$0])
      }
    },
    Mutation(name: "a fence that is not closed") { script in
      script.blocks.enumerated().compactMap { index, block in
        // Before a bare fence the wrong block would be closed.
        let next = index + 1 < script.blocks.count ? script.blocks[index + 1] : nil
        guard !block.word.isEmpty, next?.word != "" else { return nil }
        var lines = script.lines
        lines.remove(at: block.close)
        return Mutant(lines, line: block.open + 1)
      }
    },
    Mutation(name: "an event that never happens") { script in
      script.lines(of: "cue", key: "until").compactMap { index in
        guard let bracket = script.lines[index].firstIndex(of: "[") else { return nil }
        return script.replacing(index, script.lines[index][..<bracket] + "[999]")
      }
    },
    Mutation(name: "an answer that is off by one") { script in
      script.blocks("ask").compactMap { block in
        guard let answer = block.first(where: { script.lines[$0].hasPrefix("answer:") }),
          let formula = block.first(where: { script.lines[$0].hasPrefix("formula:") }),
          let error = script.error(ofQuestionAt: block.lowerBound)
        else { return nil }
        return script.replacing(
          answer, "answer: (\(script.value(answer)))\(error)", diagnostic: formula)
      }
    },
    Mutation(name: "an answer that is none of the choices") { script in
      script.blocks("ask").compactMap { block in
        guard block.contains(where: { script.lines[$0].hasPrefix("choices:") }),
          let answer = block.first(where: { script.lines[$0].hasPrefix("answer:") })
        else { return nil }
        return script.replacing(answer, "answer: none of them")
      }
    },
    Mutation(name: "events in the wrong order") { script in
      script.items(under: "order").flatMap { items in
        zip(items, items.dropFirst()).map { first, second in
          var lines = script.lines
          lines.swapAt(first, second)
          return Mutant(lines, line: second + 1)
        }
      }
    },
    Mutation(name: "a claim that is false") { script in
      script.blocks("expect").flatMap { block in
        block.filter { !script.lines[$0].isEmpty && !script.lines[$0].hasPrefix("#") }.map {
          script.replacing($0, "not (\(script.lines[$0]))")
        }
      }
    },
    Mutation(name: "a figure that does not exist") { script in
      script.prose.compactMap { index in
        let line = script.lines[index]
        guard let open = line.firstIndex(of: "{"), let close = line.firstIndex(of: "}"),
          open < close, !line.contains("`"), !line.contains("\\")
        else { return nil }
        return script.replacing(index, line[...open] + "nobody.cycles" + line[close...])
      }
    },
    Mutation(name: "a view that does not exist") { script in
      script.lines(of: "cue", key: "view").map { script.replacing($0, "view: ledgr") }
    },
    Mutation(name: "a kernel that does not exist") { script in
      script.front.compactMap { index in
        let line = script.lines[index]
        guard let range = line.firstRange(of: "kernel: ") else { return nil }
        return script.replacing(index, line[..<range.upperBound] + "x" + line[range.upperBound...])
      }
    },
    Mutation(name: "a brace that is not closed") { script in
      script.prose.compactMap { index in
        guard index + 1 == script.lines.count || script.lines[index + 1].isEmpty,
          !script.lines[index].contains("|")
        else { return nil }
        return script.replacing(index, script.lines[index] + " {1 + 1")
      }
    },
    Mutation(name: "a key that stands twice") { script in
      script.lines(of: "ask", key: "explain").compactMap { index in
        // A text that goes on would go on with the new line.
        guard !script.lines[index + 1].hasPrefix(" ") else { return nil }
        return script.inserting("explain: Again.", at: index + 1)
      }
    },
  ]

  /// What may be wrong with any file.
  static let vandalism = [
    Mutation(name: "an escape sequence") { script in
      script.prose.map { script.replacing($0, script.lines[$0] + "\u{1B}[2J") }
    },
    Mutation(name: "bytes that are no text") { script in
      script.lines.indices.map { index in
        var mutant = script.replacing(index, script.lines[index])
        let before = script.lines[..<index].map { $0.utf8.count + 1 }.reduce(0, +)
        mutant.bytes.insert(0xFF, at: before + script.lines[index].utf8.count / 2)
        return mutant
      }
    },
    Mutation(name: "a YAML bomb") { script in
      var lines = script.lines
      lines.insert("a: &a [x,x,x,x,x,x,x,x,x]", at: 1)
      for letter in "bcdefghi" { lines.insert("\(letter): &\(letter) [*a,*a,*a,*a,*a]", at: 2) }
      return [Mutant(lines, line: 2)]
    },
    Mutation(name: "a line of 20,000 letters") { script in
      script.prose.map {
        script.replacing($0, script.lines[$0] + String(repeating: "x", count: 20_000))
      }
    },
    // It is not opened, so no line of it is known.
    Mutation(name: "a megabyte of text") { script in
      [Mutant(script.lines + Array(repeating: "More of it.", count: 90_000), line: 1)]
    },
  ]
}

extension Script {
  /// The lines of lists under a key of questions: one item each.
  fileprivate func items(under key: String) -> [[Int]] {
    blocks("ask").compactMap { block in
      guard let start = block.first(where: { lines[$0].hasPrefix(key + ":") }) else { return nil }
      return Array(
        block[(start + 1)...].prefix {
          lines[$0].hasPrefix("  - ") || lines[$0].hasPrefix("- ")
        })
    }
  }

  /// What to write behind a question's answer to be off by one; nil where that is no mistake.
  fileprivate func error(ofQuestionAt index: Int) -> String? {
    guard let question = questions.first(where: { $0.line == index }),
      case .number(let value, _, _) = question.kind, value.value.magnitude < 1e5
    else { return nil }
    let symbol = value.dimension.symbol
    return symbol.isEmpty ? " + 1" : symbol.allSatisfy(\.isLetter) ? " + 1 \(symbol)" : " * 1.01"
  }
}
