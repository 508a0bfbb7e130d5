// Devices: the built-in ones say what they should, and a mistake in a file is named by its line.
import Foundation
import Machine
import Testing

@testable import Library
@testable import Runs

@Suite("Device files")
struct DeviceFileTests {
  private let classroom: String

  init() throws {
    let url = packageRoot.appending(path: "Devices/classroom.yaml")
    classroom = try String(contentsOf: url, encoding: .utf8)
  }

  /// What is wrong once `old` has become `new` in the classroom device.
  private func diagnostic(_ old: String, _ new: String) -> String {
    #expect(classroom.contains(old))
    return refusal(classroom.replacing(old, with: new, maxReplacements: 1))
  }

  private func refusal(_ text: String) -> String {
    message { () throws(FileError) in try DeviceFile(text: text, path: "my.yaml") }
  }

  @Test("The classroom device is as it was designed")
  func classroomDevice() throws {
    let file = try DeviceLibrary.find("classroom")
    let device = file.device
    #expect(device.seconds(1000) == 1e-6)
    #expect(
      device.smCount == 1 && device.sramBytes == 32_768 && device.sharedBytesPerBlock == 32_768)
    #expect(device.tensorFlops == [.fp32: 512, .fp16: 512, .bf16: 512])
    #expect(device.rates[.hbm] == Rate(perCycle: 16, latency: 40))
    #expect(device.rates[.tensor]?.latency == 4)
    #expect(device.rates[.l2] == nil && device.l2Bytes == 0)
    #expect(device.launchCycles == 200 && device.defaultTile == 16 && device.maxBlocksPerSM == 4)
    #expect(file.unverified.isEmpty)
    #expect(file.figures.allSatisfy { $0.source.hasPrefix("chosen: ") })
  }

  @Test("The A100 reaches its published figures")
  func a100() throws {
    let file = try DeviceLibrary.find("a100-40gb")
    let device = file.device
    let hertz = device.clockMHz * 1e6
    let tensor = try #require(device.tensorFlops[.fp16]) * Double(device.smCount) * hertz
    #expect(abs(tensor / 312e12 - 1) < 0.001)
    let hbm = try #require(device.rates[.hbm]).perCycle * hertz
    #expect(abs(hbm / 1360e9 - 1) < 0.001)
    let l2 = try #require(device.rates[.l2]).perCycle * hertz
    #expect((4300e9...4500e9).contains(l2))
    #expect(abs(device.seconds(device.launchCycles) - 2.4e-6) < 1e-12)
    #expect(device.multiplier(for: .fp32).unit == .fp32)
    #expect(
      file.unverified == [
        "tensor_flops_per_cycle.bf16", "units.sfu.per_cycle", "units.sfu.latency",
        "units.copy.per_cycle", "units.alu.latency", "block_turnover_cycles",
      ])
    #expect(device.queueDiscipline == .processorSharing)
  }

  @Test("Every figure of every device says where it is from", arguments: DeviceLibrary.names)
  func sources(name: String) throws {
    let file = try DeviceLibrary.find(name)
    let text = try String(
      contentsOf: packageRoot.appending(path: "Devices/\(name).yaml"), encoding: .utf8)
    for figure in file.figures {
      // A rate, a paper, a file, a measurement, a choice; or a line that says which line it is as.
      #expect(figure.source.count >= 8, "\(figure.key)")
      #expect(figure.source.contains { $0.isLetter }, "\(figure.key)")
    }
    // No number stands in the file that is not such a figure.
    let bare = text.split(separator: "\n").filter { line in
      let code = line.prefix { $0 != "#" }
      return !code.contains("source:") && !code.contains("title:") && !code.contains("note:")
        && !code.contains("name:") && code.split(separator: ":").count > 1
        && (code.split(separator: ":").last ?? "").contains(where: \.isNumber)
    }
    #expect(bare.isEmpty)
    let values = text.split(separator: "\n").count { $0.contains("value:") }
    #expect(values == file.figures.count)
  }

  @Test("Every file in Devices is in the library, under its own name")
  func catalogue() throws {
    let folder = packageRoot.appending(path: "Devices").path
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    #expect(Set(files) == Set(DeviceLibrary.names))
    let names = try DeviceLibrary.builtIn.map(\.device.name)
    #expect(names == DeviceLibrary.names)
  }

  @Test("A device is found by name or by path, and a slip gets a suggestion")
  func find() throws {
    let path = packageRoot.appending(path: "Devices/classroom.yaml").path
    #expect(try DeviceLibrary.find(path) == DeviceLibrary.find("classroom"))
    #expect(
      message { () throws(FileError) in try DeviceLibrary.find("clasroom") }
        == "unknown device 'clasroom' (did you mean 'classroom'?); the devices are "
        + DeviceLibrary.names.joined(separator: ", ")
    )
    #expect(
      message { () throws(FileError) in try DeviceLibrary.find("my.yml") } == "my.yml: no such file"
    )
  }

  @Test("An unknown key is named with its line and the nearest valid one")
  func unknownKey() {
    let text = diagnostic("clock_mhz:", "clock_mz:")
    #expect(
      text.hasPrefix(
        "my.yaml:6: unknown key 'clock_mz' (did you mean 'clock_mhz'?); the keys are name,"))
    #expect(
      diagnostic("  sfu:", "  sfx:").contains("unknown key 'sfx' in 'units' (did you mean 'sfu'?)"))
    #expect(diagnostic("fp16: {", "uint8: {").contains("the keys are fp32, fp16, bf16"))
  }

  @Test("A missing key or source is named")
  func missing() {
    #expect(diagnostic("sms: {", "# {") == "my.yaml:2: missing key 'sms'")
    #expect(
      diagnostic(
        "{ value: 1000, source: \"chosen: one cycle is one nanosecond\" }", "{ value: 1000 }")
        == "my.yaml:6: missing key 'clock_mhz.source'")
    #expect(
      diagnostic("{ value: 1000, source: \"chosen: one cycle is one nanosecond\" }", "1000")
        == "my.yaml:6: 'clock_mhz': found 1000 without a source, expected { value: 1000, source: \"where it is from\" }"
    )
    #expect(
      diagnostic("source: \"chosen: one cycle is one nanosecond\"", "source: ''").contains(
        "found nothing"))
  }

  @Test(
    "A value that makes no sense is named with what would",
    arguments: [
      ("0", "'sms.value': found 0, expected a whole number from 1 to 65,536"),
      ("-3", "found -3, expected a whole number"), ("1.5", "found 1.5, expected a whole number"),
      (".nan", "found the text '.nan', expected a number"), ("1e400", "expected a number"),
      ("\"1\"", "found the text '1', expected a number"), ("[1]", "found a list"),
      ("many", "found the text 'many', expected a number"), ("", "found nothing"),
      ("99999999999999999999", "expected a whole number"), ("0x10", "found the text '0x10'"),
    ])
  func values(value: String, reason: String) {
    let text = diagnostic("sms: { value: 1,", "sms: { value: \(value),")
    #expect(text.hasPrefix("my.yaml:7: "))
    #expect(text.contains(reason))
  }

  @Test("A rate may have a fraction, and may not be zero, negative or beyond reason")
  func rates() {
    #expect(diagnostic("per_cycle: { value: 16,", "per_cycle: { value: 16.5,") == "")
    for value in ["0", "-1", "1e30", "1e-30"] {
      #expect(
        diagnostic("per_cycle: { value: 16,", "per_cycle: { value: \(value),")
          .contains("'units.hbm.per_cycle.value': found"))
    }
  }

  @Test("What keeps its pace whatever the clock may stand in seconds, but not twice")
  func seconds() throws {
    let file = "\(packageRoot.path)/Devices/a100-40gb.yaml"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    let device = try DeviceFile(text: text, path: file).device
    #expect(device.launchCycles == 3384)
    #expect(try #require(device.rates[.hbm]).perCycle == 1360 * 1000 / 1410)
    let half = text.replacing("clock_mhz: { value: 1410", with: "clock_mhz: { value: 705")
    let slow = try DeviceFile(text: half, path: file).device
    #expect(slow.launchCycles == 1692)
    #expect(try #require(slow.rates[.hbm]).perCycle == 1360 * 1000 / 705)
    #expect(slow.rates[.l2] == device.rates[.l2])
    let twice = "gb_per_second: { value: 16, source: x }\n    per_cycle: { value: 16,"
    #expect(
      diagnostic("per_cycle: { value: 16,", twice).contains(
        "found beside per_cycle, expected one of them"))
  }

  @Test("The clock under load is one for all formats, or one for each")
  func sustained() throws {
    func clocks(_ entry: String) throws -> [DataType: Double] {
      let text = classroom.replacing("\nsms:", with: "\nsustained_mhz: \(entry)\nsms:")
      return try DeviceFile(text: text, path: "my.yaml").device.sustainedMHz
    }
    #expect(
      try clocks("{ value: 900, source: x }") == [.fp32: 900, .fp16: 900, .bf16: 900])
    #expect(
      try clocks("{ fp16: { value: 800, source: x }, bf16: { value: 900, source: x } }")
        == [.fp16: 800, .bf16: 900])
    // It does not fall to what is not below the nominal clock.
    #expect(try clocks("{ fp16: { value: 1000, source: x } }").isEmpty)
    let wrong = diagnostic("\nsms:", "\nsustained_mhz: { fp8: { value: 900, source: x } }\nsms:")
    #expect(wrong.contains("unknown key 'fp8' in 'sustained_mhz'"))
    #expect(
      diagnostic("\nsms:", "\nsustained_mhz: 900\nsms:").contains("'sustained_mhz': found 900"))
  }

  @Test("What must agree is checked")
  func agreement() {
    #expect(
      diagnostic("per_block: { value: 32_768", "per_block: { value: 40_000")
        == "my.yaml:11: 'shared_bytes_per_block': found 40,000, expected no more than the SM's 32,768"
    )
    #expect(
      diagnostic("l2_bytes: { value: 0", "l2_bytes: { value: 1024").contains(
        "missing, though l2_bytes"))
    #expect(diagnostic("name: classroom", "name: The \\u{1B}Room").contains("'name': found"))
    #expect(
      diagnostic("title: The classroom GPU", "title: \"\\e[2J\"").contains(
        "expected one line of plain"))
    #expect(
      diagnostic("title: The classroom GPU", "title: [a]").contains("found a list, expected text"))
  }
}
