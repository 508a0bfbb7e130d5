// Pictures: a parser of XML must take them, and find in them what the canvas holds.

import Canvas
import Exports
import Foundation
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("SVG")
struct SvgTests {
  /// What a parser saw.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [(name: String, attributes: [String: String])] = []
    var text = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.append((name, attributes))
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  private func read(_ canvas: Canvas) throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(svg(canvas).utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    return reader
  }

  @Test("Every character that means something to XML is escaped")
  func escaping() throws {
    var canvas = Canvas(width: 40, height: 2)
    let text = "a < b && \"c\" > 'd' ■»·é ]]>"
    canvas.put(text, row: 0, column: 0, in: canvas.bounds)
    let reader = try read(canvas)
    #expect(reader.text.contains(text))
    #expect(reader.elements.first?.name == "svg")
    #expect(reader.elements.first?.attributes["viewBox"] == "0 0 420 60")
  }

  @Test("A run of cells of one style is one text, at its place")
  func places() throws {
    var canvas = Canvas(width: 20, height: 3)
    canvas.put("left", Style(.load), row: 1, column: 0, in: canvas.bounds)
    canvas.put("right", Style(.store, bold: true), row: 1, column: 4, in: canvas.bounds)
    canvas.put("under", Style(.compute, underlined: true), row: 2, column: 2, in: canvas.bounds)
    let texts = try read(canvas).elements.filter { $0.name == "text" }.map(\.attributes)
    #expect(texts.count == 3)
    #expect(texts[0]["x"] == "10" && texts[0]["y"] == "45" && texts[0]["fill"] == "#56b4e9")
    #expect(texts[1]["x"] == "50" && texts[1]["font-weight"] == "bold")
    #expect(texts[2]["text-decoration"] == "underline" && texts[2]["textLength"] == "50")
  }

  @Test("Reversed cells have a ground of their colour, blanks too")
  func reversed() throws {
    var canvas = Canvas(width: 8, height: 1)
    canvas.put("ab  ", Style(.alert, reversed: true), row: 0, column: 1, in: canvas.bounds)
    let reader = try read(canvas)
    let ground = reader.elements.filter { $0.name == "rect" && $0.attributes["x"] != nil }
    #expect(ground.count == 1)
    #expect(ground[0].attributes["width"] == "40" && ground[0].attributes["fill"] == "#cc79a7")
  }

  @Test("An empty canvas is a picture, too")
  func empty() throws {
    #expect(try read(Canvas(width: 0, height: 0)).elements.map(\.name) == ["svg", "rect"])
  }
}
