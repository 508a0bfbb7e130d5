// What one target offers another is said in a sentence: types, functions, subscripts and computed
// properties that are `package` or `public`. A stored property may speak for itself.

import Testing

@Suite("Documentation")
struct DocumentationTests {
  @Test("What other targets can see has a sentence above it")
  func sentences() {
    var count = 0
    for file in HouseRuleTests.sources {
      for (index, line) in file.lines.enumerated() where Self.needsSentence(line) {
        count += 1
        let above = file.lines[..<index].last { !$0.trimmed.hasPrefix("@") } ?? ""
        #expect(above.trimmed.hasPrefix("///"), "\(file.path):\(index + 1) \(line.trimmed)")
      }
    }
    #expect(count > 500, "the search finds declarations")
  }

  @Test("Only what Benchmarks/ uses is public")
  func publicDeclarations() {
    for file in HouseRuleTests.sources where file.target != "Measuring" {
      for line in file.lines {
        #expect(
          !line.trimmed.hasPrefix("public "), "\(file.path): \(line.trimmed) (package will do)")
      }
    }
  }

  /// A declaration that others can see, and that is more than a value with a name.
  private static func needsSentence(_ line: String) -> Bool {
    guard let found = line.firstMatch(of: #/^ {0,4}(?:@\w+ )*(?:package|public) (.*)/#) else {
      return false
    }
    let rest = String(found.1)
    let isType = rest.contains(#/^(final |indirect )*(struct|enum|class|protocol|typealias) /#)
    let isFunction = rest.contains(#/^(static |mutating |consuming )*(func [a-z]|subscript)/#)
    let isComputed = rest.contains(#/^(static )?var \w+: .*\{/#) && !rest.contains("didSet")
    let isWitness = rest.contains(
      #/func (draw\(_ scene|applies|encode|hash|makeIterator|index)|var (description|name|standsAlone|body)\b/#
    )
    return isType || (isFunction || isComputed) && !isWitness
  }
}

extension String {
  fileprivate var trimmed: Substring { drop { $0 == " " } }
}
