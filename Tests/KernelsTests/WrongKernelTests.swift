// Kernels that are wrong in one place each: what is said names the place, and teaches. A text is a right
// one with a change, so that the change alone is at fault.

import Kernels
import Notation
import Testing

@testable import Library

/// A text, where its first fault is, and a part of what is said of it.
struct Wrong: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let line: Int
  let column: Int
  let says: String

  init(_ name: String, _ text: String, _ line: Int, _ column: Int, _ says: String) {
    (self.name, self.text, self.line, self.column, self.says) = (name, text, line, column, says)
  }

  var testDescription: String { name }
}

extension String {
  /// Itself with another passage in the place of one, where that comes first.
  fileprivate func with(_ old: String, _ new: String) -> String {
    replacing(old, with: new, maxReplacements: 1)
  }
}

@Suite("Wrong kernels")
struct WrongKernelTests {
  /// The first thing that is wrong with a text, read and proved as `check` does it.
  private func firstFault(in bytes: [UInt8], size: Int? = nil) throws -> Diagnostic? {
    let device = try DeviceLibrary.find("classroom").device
    do throws(Diagnostic) {
      let kernel = try Kernel(bytes, stem: "x", size: size ?? bytes.count)
      return kernel.proof(on: device).diagnostics.first
    } catch {
      return error
    }
  }

  private func firstFault(in text: String) throws -> Diagnostic? {
    try firstFault(in: Array(text.utf8))
  }

  private func expect(_ wrong: Wrong) throws {
    let fault = try #require(try firstFault(in: wrong.text), "\(wrong.name): nothing is found")
    #expect(
      fault.place == SourcePosition(line: wrong.line, column: wrong.column), "\(fault.message)")
    #expect(fault.message.contains(wrong.says), "\(fault.message)")
    #expect(!fault.message.contains { $0.isNewline }, "one line")
    #expect(!fault.isWarning)
  }

  @Test(
    "The texts that are changed here are right as they stand",
    arguments: [attention, passes, product])
  func right(text: String) throws {
    #expect(try firstFault(in: text) == nil)
  }

  @Test(
    "A name that there is not is told with what there is, and a name given twice is told",
    arguments: namesWrong)
  func names(wrong: Wrong) throws { try expect(wrong) }

  @Test(
    "A tile without a value is told where it is used",
    arguments: valuesWrong)
  func values(wrong: Wrong) throws { try expect(wrong) }

  @Test(
    "Axes that do not fit are named, with what would fit",
    arguments: shapesWrong)
  func shapes(wrong: Wrong) throws { try expect(wrong) }

  @Test(
    "A store that goes wrong is told before anything runs, or by the first problem that shows it",
    arguments: storesWrong)
  func stores(wrong: Wrong) throws { try expect(wrong) }

  @Test(
    "A line that cannot be read says what was expected of it",
    arguments: linesWrong)
  func lines(wrong: Wrong) throws { try expect(wrong) }

  @Test(
    "A closed form that is not true of every problem is told, and a name in it that there is not",
    arguments: movesWrong)
  func moves(wrong: Wrong) throws { try expect(wrong) }

  @Test("Brackets in brackets are refused before they are too deep to read", arguments: [65, 5000])
  func deepBrackets(depth: Int) throws {
    let brackets = (String(repeating: "(", count: depth), String(repeating: ")", count: depth))
    try expect(
      Wrong(
        "Brackets", attention.with("o / l", "o / \(brackets.0)l\(brackets.1)"), 19, 75,
        "found brackets in brackets 64 deep"))
  }

  @Test("A text that is too long is refused by its size, whatever is in it")
  func tooLong() throws {
    let fault = try #require(try firstFault(in: Array("kernel x".utf8), size: 1_000_000))
    #expect(fault.place == SourcePosition(line: 1, column: 1))
    #expect(fault.message == "found 1000000 bytes; a kernel's text has at most 65536")
  }

  @Test("Bytes that are no UTF-8 are told with their line")
  func invalidBytes() throws {
    let text = attention.with("q = Q[i]", "q = Q[i] -- !")
    let bytes = text.utf8.map { $0 == UInt8(ascii: "!") ? 0xE9 : $0 }
    let fault = try #require(try firstFault(in: bytes))
    #expect(fault.place.line == 7)
    #expect(fault.message == "found bytes that are no UTF-8 text")
  }

  @Test("Windows line ends, a byte order mark and no last line end are no faults")
  func otherEditors() throws {
    let windows = attention.replacing("\n", with: "\r\n")
    for text in [
      windows, "\u{FEFF}" + attention, "\u{FEFF}" + windows, String(attention.dropLast()),
    ] {
      #expect(try firstFault(in: text) == nil)
    }
  }
}

// MARK: Right texts

/// FlashAttention-2, forward, with its moves: right as it stands, as are the others.
private let attention = """
  kernel mine
  in     Q[N,d] K[Nk,d] V[Nk,dv]
  out    O[N,dv] L[N]
  tile   N by Br, Nk by Bc

  launch attention, a block for each i of N
    load q = Q[i]
    o = 0; l = 0; m = -inf
    for each j of Nk that i sees
      load k = K[j], v = V[j]
      s = mask(scale * q @ k.T)
      n = max(m, rowmax(s))
      p = exp(s - n)
      a = exp(m - n)
      l = a * l + rowsum(p)
      o = a * o
      o = o + drop(p) @ v
      m = n
    o = o / l
    L = m + log(l)
    store O[i] = o, L[i] = L

  moves
    Q reads N·d   K reads Tr·Nk·d   V reads Tr·Nk·dv
    O writes N·dv   L writes N

  """

/// Its older sister: rows come back on every pass.
private let passes = """
  kernel passes
  in     Q[N,d] K[Nk,d] V[Nk,dv]
  out    O[N,dv] l[N] m[N]
  tile   N by Br, Nk by Bc

  launch attention, a block for each head
    for each j of Nk
      load k = K[j], v = V[j]
      for each i of N that sees j
        load q = Q[i], o = O[i] or 0, l = l[i] or 0, m = m[i] or -inf
        s = mask(scale * q @ k.T)
        n = max(m, rowmax(s))
        p = exp(s - n)
        a = exp(m - n)
        z = a * l + rowsum(p)
        o = (a * l * o + drop(p) @ v) / z
        store O[i] = o, l[i] = z, m[i] = n

  """

/// A product of matrices.
private let product = """
  kernel product
  in     A[m,k] B[k,n]
  out    C[m,n]
  tile   m by bm, n by bn, k by bk

  launch matmul, a block for each i of m, j of n
    z = 0
    for each p of k
      load x = A[i,p], y = B[p,j]
      z = z + x @ y
    store C[i,j] = z

  """

// MARK: Wrong ones

private let namesWrong: [Wrong] = [
  Wrong(
    "A tensor that is not declared", attention.with("q = Q[i]", "q = X[i]"), 7, 12,
    "X is no tensor of this kernel: in, out, hbm and keep name Q, K, V, O and L"),
  Wrong(
    "A function that there is not", attention.with("log(l)", "ln(l)"), 20, 11,
    "ln is no function; there are exp, rawexp, log"),
  Wrong(
    "A function spelled wrong", attention.with("rowmax(s)", "rowmaks(s)"), 12, 16,
    "did you mean rowmax?"),
  Wrong(
    "A role inside a role",
    attention.with("    m = n", "    by one\n      by two\n        m = n"), 18, 5,
    "found “by” inside “by one”; expected one role at a time"),
  Wrong(
    "More roles than a launch may have",
    attention.with(
      "    m = n",
      (1...9).map { "    by role\($0)\n      y\($0) = m * 2" }.joined(separator: "\n")
        + "\n    m = n"), 34, 5,
    "role9 is one role too many; expected 8 at most"),
  Wrong(
    "An option of size 0", attention.with("tile  ", "option rank r = 0\ntile  "), 4, 17,
    "found 0; expected a number from 1 to 16777216"),
  Wrong(
    "Too few arguments", attention.with("max(m, rowmax(s))", "max(m)"), 12, 9,
    "max takes 2 or 3; found 1"),
  Wrong(
    "A heading spelled wrong", attention.with("tile  ", "tiles "), 4, 1,
    "did you mean tile?"),
  Wrong(
    "A statement with a capital", attention.with("  load q", "  Load q"), 7, 3,
    "did you mean load?"),
  Wrong(
    "A modifier that there is not", attention.with("o = a * o", "o = a * o, not waiting"), 16, 16,
    "found not; expected “not waited for”"),
  Wrong(
    "A condition spelled wrong", attention.with("o = a * o", "with droput: o = a * o"), 16, 10,
    "found droput; expected dropout, bias"),
  Wrong(
    "A variable of a loop in a formula", attention.with("q @", "i * q @"), 11, 22,
    "i is no tile of this launch: it goes along N"),
  Wrong(
    "A word with a meaning of its own for a tile",
    attention.with("load q =", "load each ="),
    7, 8, "found each, which is no name for a tile"),
  Wrong(
    "A tensor declared twice", attention.with("L[N]", "L[N] K[Nk,d]"), 3, 21,
    "K is declared twice, first in line 2"),
  Wrong(
    "Two launches of one name",
    attention.with("\nmoves", "launch attention, a block for each head\n  load q = Q\n\nmoves"),
    22, 7, "there are two launches attention"),
]

private let valuesWrong: [Wrong] = [
  Wrong(
    "A tile that begins nowhere", attention.with("; m = -inf", ""), 12, 13,
    "m has no value in the first iteration"),
  Wrong(
    "A tile used above the line that loads it",
    attention.with("  load q", "  x = q * 2\n  load q"),
    7, 7, "q is used before it has a value"),
  Wrong(
    "A tile used after it was freed", attention.with("    s =", "    free k\n    s ="), 12, 26,
    "k was freed before"),
  Wrong(
    "A name that is nothing but a number", attention.with("  load q", "  x = 3\n  load q"), 7, 3,
    "nothing says what shape x has"),
  Wrong(
    "One name for two shapes", attention.with("    a =", "    q = p\n    a ="), 14, 5,
    "q runs along [N,d], and here it would be [N,Nk]"),
  Wrong(
    "A load of what is only kept for the report",
    attention.with("tile  ", "keep   w[N]\ntile  ").with("q = Q[i]", "q = Q[i], w = w[i]"),
    8, 22, "w is only noted for the report (keep, line 4)"),
  Wrong(
    "A number that is too large", attention.with("o / l", "o / l * 1e999"), 19, 15,
    "found 1e999, which is no number"),
]

private let shapesWrong: [Wrong] = [
  Wrong(
    "Axes that do not fit in a difference", attention.with("s - n", "s - k"), 13, 15,
    "s runs along [N,Nk], k runs along [Nk,d]"),
  Wrong(
    "A product that lacks a transposition", attention.with("k.T", "k"), 11, 24,
    "did you mean q @ k.T?"),
  Wrong(
    "A transposition on its own", attention.with("    n =", "    t = s.T\n    n ="), 12, 10,
    "found .T outside a product"),
  Wrong(
    "A mask for what is no tile of scores",
    attention.with("mask(scale * q @ k.T)", "mask(q) @ k.T"),
    11, 9, "mask is for tiles along queries and keys"),
  Wrong(
    "A keep mask on a problem without dropout", attention.with("drop(p)", "keepmask(p)"), 17, 13,
    "keepmask needs a problem with dropout"),
  Wrong(
    "Too many indices", attention.with("K[j]", "K[j,j,j]"), 10, 14,
    "K[Nk,d] has 2 axes; found 3 indices"),
  Wrong(
    "An index outside its loop", attention.with("q = Q[i]", "q = Q[i], t = K[j]"), 7, 22,
    "j goes along nothing here; expected “for each j of Nk”"),
  Wrong(
    "A loop along an axis that is not cut", attention.with("Nk that i sees", "d"), 9, 3,
    "d is not cut into tiles"),
  Wrong(
    "Queries for keys in what a tile sees", attention.with("that i sees", "that sees i"), 9, 3,
    "“that sees i” is for queries, N, and j goes along Nk"),
  Wrong(
    "Groups in a launch that has none",
    attention.with("    o = a * o", "    each group\n      o = a * o"),
    16, 5, "this launch has no groups"),
  Wrong(
    "Groups in an order that there is not",
    attention.with("    o = a * o", "    each group togther\n      o = a * o"),
    16, 16, "found togther; expected “in turn”, “together” or the end of the line"),
]

private let storesWrong: [Wrong] = [
  Wrong(
    "A store to an input", attention.with("store O", "store Q[i] = q * 2, O"), 21, 9,
    "Q is an input, declared with “in”"),
  Wrong(
    "A store of the wrong shape", attention.with("L[i] = L", "L[i] = o"), 21, 26,
    "o runs along [N,dv], and L[i] is [N]"),
  Wrong(
    "A result that nothing stores", attention.with(", L[i] = L", ""), 3, 16,
    "L is a result, and nothing stores it"),
  Wrong(
    "A result that is not always stored",
    attention.with("  store O", "  with dropout: store O"),
    3, 8, "O is a result, and nothing writes its row 0"),
  Wrong("No result at all", attention.with("out ", "hbm "), 2, 8, "this kernel has no result"),
  Wrong(
    "Blocks of keys that store rows of queries", passes.with("head", "h of Nk"), 17, 13,
    "blocks of different h store the same part of O at once (a race)"),
  Wrong(
    "A load of what nobody has written",
    attention.with("L[N]", "L[N]\nhbm    W[Nk,d]").with("K[j]", "W[j]"),
    11, 14, "W is read, and no launch before has written it"),
  Wrong(
    "A first load without a value to begin with", passes.with("O[i] or 0", "O[i]"), 10, 26,
    "expected “O[i] or 0”, for a first visit"),
]

private let linesWrong: [Wrong] = [
  Wrong(
    "A loop without a body", attention.with("sees\n    load k", "sees\n  load k"), 9, 3,
    "has no body; expected lines below it with a larger indent"),
  Wrong(
    "A line too far to the right", attention.with("    s =", "      s ="), 11, 7,
    "found an indent of 6; expected 4"),
  Wrong("A tab", attention.with("  load q", "\tload q"), 7, 1, "found a tab; indent with spaces"),
  Wrong(
    "A control character", attention.with("load q", "load\0q"), 7, 7,
    "found the control character U+0000"),
  Wrong(
    "A character that turns the direction of a line",
    attention.with("q = Q[i]", "q = Q[i] -- \u{202E}"),
    7, 20, "found the control character U+202E"),
  Wrong("No name", attention.with("kernel mine\n", ""), 1, 1, "found no line “kernel NAME”"),
  Wrong("Nothing", "", 1, 1, "found no line “kernel NAME”"),
  Wrong(
    "No launch", "kernel mine\nout    O[N,dv]\n", 3, 1,
    "found no launch; expected “launch NAME"),
  Wrong(
    "A formula that ends too early", attention.with("o = o / l", "o = o /"), 19, 10,
    "found the end of the line; expected a name, a number or a bracket"),
]

private let movesWrong: [Wrong] = [
  Wrong(
    "A size that there is not", attention.with("Tr·Nk·d ", "Tq·Nk·d "), 24, 17,
    "Tq is no size"),
  Wrong(
    "Twice as much as the run reads", attention.with("N·d ", "2·N·d "), 24, 3,
    "moves says Q reads 2·N·d, 416 elements, and the run reads 208"),
  Wrong(
    "Right but for what a mask skips", attention.with("Tr·Nk·d ", "⌈N/Br⌉·Nk·d "), 24, 17,
    "mask causal"),
  Wrong(
    "Nothing said of a tensor", attention.with("   L writes N", ""), 24, 3,
    "moves says nothing of L"),
  Wrong(
    "Moves before any launch", "kernel mine\nin     Q[N,d]\nmoves\n  Q reads N·d\n", 4, 3,
    "moves come behind the launches"),
]
