// A kernel: its text, what it is, and what it becomes for a problem. A kernel from a user's file is
// like those in the catalogue.

import Machine
import Notation

/// An algorithm, written as a text that runs.
package struct Kernel: Sendable {
  package internal(set) var text: KernelText
  /// What its options with choices are set to, by option.
  package internal(set) var choices: [String: String] = [:]
  /// Matrices for inputs of its own, by tensor, and for options with choices, by option.
  package internal(set) var matrices: [String: Matrix] = [:]
  /// The axes and numbers of its own that options have set.
  var givenSizes: Set<String> = []
  /// The name on the command line and in reports.
  package var name: String
  /// The name of the shipped kernel with the same code, apart from reasons and title lines; nil for
  /// none. Only such a kernel gets the tiles and costs of a released implementation.
  package let original: String?

  /// One line for `list kernels`.
  package var title: String { text.title }
  /// Paper and algorithm.
  package var source: String { text.source }
  /// Whether its problems are matrix products, as C = A·B, and not attention.
  package var isMatmul: Bool {
    !text.axes.isDisjoint(with: ["m", "n", "k"])
      && text.axes.isDisjoint(with: ["N", "Nk", "d", "dv"])
  }
  /// Whether it has a backward pass.
  package var hasBackwardPass: Bool { text.hasBackward }
  /// Whether dropout changes what it computes.
  package var hasDropout: Bool { text.mentionsDropout }
  /// Whether its running maxima stay until a larger one is worth the work of rescaling.
  package var keepsMaxima: Bool { text.keepsMaxima }
  /// Whether a mask, a bias or a softcap changes what it does.
  package var hasMask: Bool { text.mentionsMask }

  init(_ text: KernelText, original: String? = nil) {
    self.text = text
    name = text.name
    self.original = original
    for option in text.options {
      if case .choice(let words, _) = option.meaning { choices[option.name] = words.first }
    }
  }

  /// A kernel from a user's file.
  /// - Parameters:
  ///   - bytes: the file, or its beginning.
  ///   - stem: the kernel's name if the one in the text is a shipped kernel's.
  ///   - size: bytes of the whole file.
  /// - Throws: `Diagnostic` for the first error in it.
  package init(_ bytes: [UInt8], stem: String, size: Int) throws(Diagnostic) {
    let text = try KernelText(bytes, size: size)
    let original = Catalogue.all.first { $0.text.code == text.code }?.name
    self.init(text, original: original)
    if Catalogue.all.contains(where: { $0.name == text.name }) { name = stem }
  }

  /// Line `number` of the text; nil for 0, the number of an op without a line.
  package func line(_ number: Int) -> ListingLine? {
    guard text.lines.indices.contains(number - 1) else { return nil }
    let line = text.lines[number - 1]
    return ListingLine(
      number: number, text: String(repeating: " ", count: line.indent) + line.text, why: line.why)
  }

  /// The lines that a run executes, launch by launch, each after its heading.
  func listing(
    _ problem: Problem, _ mapping: Mapping, _ device: Device, _ lowered: Lowered
  ) -> [ListingLine] {
    guard let setting = setting(problem, mapping, device) else { return [] }
    return text.shownLines(setting, lowered).compactMap(line)
  }

  /// The names of its inputs.
  package var inputs: [String] { text.inputs }

  /// A matrix in the layout of the problem: transposed back if the text declares another first axis
  /// than `axis`.
  package func asProblem(_ name: String, _ matrix: Matrix, rows axis: String) -> Matrix {
    guard let axes = text.axes(of: name), axes.first != axis else { return matrix }
    return matrix.transposed
  }

  /// Whether it computes attention or a matrix product, so that its outputs can be compared with
  /// the exact ones.
  package var isComparable: Bool { isMatmul ? text.computesProduct : text.computesAttention }

  /// The names of its tensors along queries and keys: N × Nk matrices in HBM.
  package var scoreMatrices: Set<String> { text.tensors(along: ["N", "Nk"]) }

  // MARK: Programs

  /// The text lowered for a problem, with the costs of a released implementation if the mapping is
  /// one; nil for a problem of the other family.
  /// - Throws: `Diagnostic` if the text does not go with the problem.
  func lowered(
    _ problem: Problem, _ mapping: Mapping, _ device: Device
  ) throws(Diagnostic) -> Lowered? {
    guard let setting = setting(problem, mapping, device) else { return nil }
    var lowered = try text.lowered(for: setting)
    if device.queueDiscipline == .processorSharing, setting.type.bytes == 2 {
      for (number, repeatsOperands) in lowered.operations {
        lowered.program.launches[number] = lowered.program.launches[number].asFrameworkOperation(
          device, repeatsOperands: repeatsOperands)
      }
    }
    guard case .attention(let problem) = problem, let released else { return lowered }
    for (number, launch) in lowered.program.launches.enumerated() {
      let isBackward = number >= lowered.forwardLaunches
      let tiles = mapping.ofGroups(of: self)
      lowered.program.launches[number] = released.withReleasedCosts(
        launch, isBackward: isBackward, problem, isBackward ? tiles.backwardMapping : tiles, device)
    }
    return lowered
  }

  /// Tensors and launches for a problem of the kernel's family; nil for the other family.
  package func program(for problem: Problem, mapping: Mapping, device: Device) -> Program? {
    // `Plan` reports a text that does not go with its problem.
    (try? lowered(problem, mapping, device))?.program
  }

  /// The traffic of each tensor by the closed forms of the text; nil if it states none, or for a
  /// problem of the other family.
  package func traffic(for problem: Problem, mapping: Mapping, device: Device) -> [TensorTraffic]? {
    guard let setting = setting(problem, mapping, device),
      let lowered = try? text.lowered(for: setting)
    else { return nil }
    return text.traffic(for: setting, lowered)
  }

  // MARK: As released

  /// Its released implementation; nil if none is known.
  var released: (any Released)? {
    original.flatMap { AsLaunched.kernels[$0] }?.build(Set(choices.values))
  }

  /// The tiles and warps that the released implementation has for a problem on a device; nil if
  /// there is none.
  package func launched(_ problem: AttentionProblem, on device: Device) -> Mapping? {
    released?.launched(problem, on: device)
  }

  /// The fewest splits of a head's rows that fill the waves of the launch nearly as well as any
  /// number.
  package func splits(_ problem: AttentionProblem, _ mapping: Mapping, on device: Device) -> Int {
    FlashAttentionLaunch.splits(problem, mapping, on: device)
  }

  /// Whether the later build of flash-attention gives each tile of keys a block of its own in the backward pass.
  package func splitsKeysBackwards(
    _ problem: AttentionProblem, _ mapping: Mapping, on device: Device
  ) -> Bool {
    original == "flash-attention"
      && FlashAttentionLaunch.splitsKeys(problem, mapping, on: device)
  }

  /// HBM traffic in bytes as the papers count it: whole matrices, without softmax statistics.
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

/// The HBM traffic of one tensor by its kernel's closed form.
package typealias TensorTraffic = Notation.TensorTraffic
