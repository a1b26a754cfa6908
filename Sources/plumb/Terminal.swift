import Glibc
import KPICore
import KPIIngest
import KPIReport

/// What goes to the user's terminal or pipe.
enum Terminal {
    /// Messages follow the language of the environment (`LC_ALL`, `LC_MESSAGES`, `LANG`).
    static let language: Language = {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = environment(name), !value.isEmpty {
                return value.hasPrefix("zh") ? .zh : .en
            }
        }
        return .en
    }()

    static let isInteractive = isatty(STDERR_FILENO) == 1
    static let isOutputInteractive = isatty(STDOUT_FILENO) == 1

    static func environment(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }

    static func say(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

    static func write(_ text: String, toError: Bool = false) {
        let line = text.hasSuffix("\n") ? text : text + "\n"
        write(Array(line.utf8), to: toError ? STDERR_FILENO : STDOUT_FILENO)
    }

    /// A reader that went away ends the program quietly.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        bytes.withUnsafeBytes { write($0, to: descriptor) }
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) {
        var rest = bytes
        while let base = rest.baseAddress, rest.count > 0 {
            let count = Glibc.write(descriptor, base, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { exit(errno == EPIPE ? 0 : 3) }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    static func report(_ diagnostics: Diagnostics) {
        for item in diagnostics.items { write(item.text(language), toError: true) }
    }

    static func exit(_ code: Int32) -> Never { Glibc.exit(code) }

    /// A progress line that overwrites itself; nothing where nobody watches.
    static func progress(_ done: Int, _ total: Int, _ label: String) {
        guard isInteractive else { return }
        let line = ProgressLine.text(done: done, total: total, label: label, width: 79)
        write(Array("\r\(line)\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// A line that says what goes on, where it cannot be said how far.
    static func progress(_ label: String) {
        guard isInteractive else { return }
        write(Array("\r\(label) …\u{1B}[K".utf8), to: STDERR_FILENO)
    }

    /// As that of a load: the file that is read, then what is done with all records.
    static func progress(_ load: LoadProgress) {
        switch load.step {
        case nil: progress(load.done, load.total, load.file)
        case .references: progress(say("检查引用", "checking references"))
        case .computing(let dataset):
            progress(say("计算 \(dataset) 的列", "computing columns of \(dataset)"))
        case .changes: progress(say("记录变化", "noting what changed"))
        case .expectations: progress(say("检查数据质量", "checking expectations"))
        }
    }

    static func endProgress() {
        guard isInteractive else { return }
        write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO)
    }
}
