// Which lines of a kernel's text run in a setting.

extension KernelText {
  /// The numbers of the lines that run in a setting, launch by launch, each after its heading.
  package func shownLines(_ setting: Setting, _ lowered: Lowered) -> [Int] {
    launches(for: setting).flatMap { launch in
      let other = lowered.fallsBack.contains(launch.index) ? launch.fallbackBody(setting) : nil
      return [launch.text.place.line] + (other ?? launch).body.all.map(\.line)
    }.reduce(into: []) { numbers, line in
      if !numbers.contains(line) { numbers.append(line) }
    }
  }
}
