// A kernel: its text, and what is asked of it. A file that somebody has written is a kernel like those in
// the catalogue.

import Machine
import Notation
import Shipped

/// An algorithm as a text that runs.
package struct Kernel: Sendable {
  package let text: KernelText
  /// The name on the command line and in reports.
  package var name: String
  /// The shipped kernel whose code it has, word for word but for reasons and headings; nil for others. What
  /// is known of a released implementation holds for that code alone.
  package let original: String?

  /// One line for `list kernels`.
  package var title: String { text.title }
  /// Paper and algorithm.
  package var source: String { text.source }
  /// C = A·B and its like, not attention.
  package var isMatmul: Bool {
    !text.axes.isDisjoint(with: ["m", "n", "k"])
      && text.axes.isDisjoint(with: ["N", "Nk", "d", "dv"])
  }
  /// Whether it computes gradients, and whether it drops weights.
  package var hasBackwardPass: Bool { text.hasBackward }
  package var hasDropout: Bool { text.mentionsDropout }
  /// Whether a mask, a bias or a cap changes anything in it.
  package var hasMask: Bool { text.mentionsMask }

  init(_ text: KernelText, original: String? = nil) {
    self.text = text
    name = text.name
    self.original = original
  }

  /// A kernel from somebody's file.
  /// - Parameter stem: what it is called where its own name is a shipped kernel's.
  /// - Throws: `Diagnostic` for the first thing in it that is wrong.
  /// - Parameter size: of the file, where `bytes` are only its beginning.
  package init(_ bytes: [UInt8], stem: String, size: Int) throws(Diagnostic) {
    let text = try KernelText(bytes, size: size)
    let original = Catalogue.all.first { $0.text.code == text.code }?.name
    self.init(text, original: original)
    if Catalogue.all.contains(where: { $0.name == text.name }) { name = stem }
  }

  /// The line that an op names; nil for 0, which is none.
  package func line(_ number: Int) -> ListingLine? {
    guard text.lines.indices.contains(number - 1) else { return nil }
    let line = text.lines[number - 1]
    return ListingLine(
      number: number, text: String(repeating: " ", count: line.indent) + line.text, why: line.why)
  }

  /// The lines of the launches that a run has, with their headings, in the order of the text.
  func listing(
    _ problem: Problem, _ mapping: Mapping, _ device: Device, _ lowered: Lowered
  ) -> [ListingLine] {
    guard let setting = setting(problem, mapping, device) else { return [] }
    return text.shownLines(setting, lowered).compactMap(line)
  }

  /// The names of its inputs.
  package var inputs: [String] { text.inputs }

  /// A matrix as a product's problem has it, where a text may declare it transposed.
  package func asProblem(_ name: String, _ matrix: Matrix, rows axis: String) -> Matrix {
    guard let axes = text.axes(of: name), axes.first != axis else { return matrix }
    return matrix.transposed
  }

  /// Whether it computes exact attention, or a product, and not something else.
  package var isComparable: Bool { isMatmul ? text.computesProduct : text.computesAttention }

  /// Its tensors along queries and keys.
  package var scoreMatrices: Set<String> { text.tensors(along: ["N", "Nk"]) }

  // MARK: Programs

  /// The text lowered for a problem; nil for a problem of the other family.
  /// - Throws: `Diagnostic` for what in the text does not go with this problem.
  func lowered(
    _ problem: Problem, _ mapping: Mapping, _ device: Device
  ) throws(Diagnostic) -> Lowered? {
    guard let setting = setting(problem, mapping, device) else { return nil }
    var lowered = try text.lowered(for: setting)
    guard case .attention(let problem) = problem, let released else { return lowered }
    for (number, launch) in lowered.program.launches.enumerated() {
      let isBackward = number >= lowered.forwardLaunches
      let tiles = mapping.ofGroups(of: self)
      lowered.program.launches[number] = released.priced(
        launch, isBackward: isBackward, problem, isBackward ? tiles.goingBackward : tiles, device)
    }
    return lowered
  }

  /// Tensors and launches for a problem of the kernel's family; nil for the other family.
  package func program(for problem: Problem, mapping: Mapping, device: Device) -> Program? {
    // A text that does not go with a problem is refused by `Plan`.
    (try? lowered(problem, mapping, device))?.program
  }

  /// What each tensor moves by the closed form of the text; nil as above, or where it states none.
  package func traffic(for problem: Problem, mapping: Mapping, device: Device) -> [TensorTraffic]? {
    guard let setting = setting(problem, mapping, device),
      let lowered = try? text.lowered(for: setting)
    else { return nil }
    return text.traffic(for: setting, lowered)
  }

  // MARK: As released

  /// What is known of its released implementation.
  var released: (any Released)? { original.flatMap { AsLaunched.kernels[$0] } }

  /// The tiles and warps of the released implementation for that problem on that device; nil where there
  /// is none.
  package func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    released?.launched(problem, on: device)
  }

  /// The fewest parts of a head's rows that fill waves nearly as well as any number does.
  package func splits(_ problem: AttentionProblem, _ mapping: Mapping, on device: Device) -> Int {
    FlashAttentionLaunch.splits(problem, mapping, on: device)
  }

  /// Bytes between HBM and chip by the papers' way of counting: whole matrices, no statistics.
  package func paperBytes(
    _ problem: AttentionProblem, _ mapping: Mapping, _ device: Device
  ) -> Int {
    if let bytes = released?.paperBytes(problem) { return bytes }
    var open = problem
    (open.maskRule, open.dropout) = (.none, nil)
    guard let program = program(for: .attention(open), mapping: mapping, device: device) else {
      return 0
    }
    let columns = Set(
      program.tensors.filter { $0.columns == 1 && $0.columnAxis == .none }.map(\.name))
    let traffic = traffic(for: .attention(open), mapping: mapping, device: device) ?? []
    return traffic.filter { !columns.contains($0.tensor) }.reduce(0) { $0 + $1.transfers.bytes }
  }
}

/// What one tensor moves by its kernel's closed form.
package typealias TensorTraffic = Notation.TensorTraffic
