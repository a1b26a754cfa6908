import Glibc
import KPICore
import KPIModel

/// A text file made ready for the engine: unpacked, in UTF-8, with the line of every record known.
struct TextFile {
    /// What the engine reads: the file itself with its header, or a copy without.
    let readablePath: String
    let isCopy: Bool
    enum LineEnd { case feed, returnAndFeed }

    /// Nil for JSON lines.
    let header: Header?
    let lines: LineRuns
    let badRows: [BadRow]
    /// What ends a line of the readable file.
    let lineEnd: LineEnd
    /// Bytes of the longest record.
    let longest: Int

    private init(_ scanner: RecordScanner, path: String, isCopy: Bool) {
        readablePath = path
        self.isCopy = isCopy
        header = scanner.header
        lines = scanner.lines
        badRows = scanner.badRows
        longest = scanner.longest
        lineEnd = scanner.hasReturns && !isCopy ? .returnAndFeed : .feed
    }

    /// - Parameter copyPath: where a copy goes, when one is needed.
    static func prepare(
        _ path: String, named name: String, encoding: TextEncoding, shape: RecordScanner.Shape,
        copyPath: String
    ) throws(Diagnostics) -> TextFile {
        if let fault = FileKind.fault(path) {
            throw Diagnostics(.unreadable(file: name, reason: fault))
        }
        if encoding == .utf8, !ByteReader.isPacked(path) {
            let scanner = try scan(path, name, encoding, shape, copyPath: nil)
            if scanner.isPlain { return TextFile(scanner, path: path, isCopy: false) }
        }
        let scanner = try scan(path, name, encoding, shape, copyPath: copyPath)
        return TextFile(scanner, path: copyPath, isCopy: true)
    }

    private static func scan(
        _ path: String, _ name: String, _ encoding: TextEncoding, _ shape: RecordScanner.Shape,
        copyPath: String?
    ) throws(Diagnostics) -> RecordScanner {
        guard let reader = ByteReader(path) else {
            let reason = FileFault.said(String(cString: strerror(errno)))
            throw Diagnostics(.unreadable(file: name, reason: reason))
        }
        guard let transcoder = Transcoder(encoding) else {
            throw Diagnostics(
                .unreadable(file: name, reason: .unknownEncoding(encoding.rawValue)))
        }
        let copy = copyPath.flatMap { fopen($0, "wb") }
        if let copyPath, copy == nil {
            throw Diagnostics(.unreadable(file: name, reason: .cannotWrite(copyPath)))
        }
        var scanner = RecordScanner(shape, copies: copy != nil)
        do throws(Problem.Thrown) {
            try pass(reader, transcoder, encoding, &scanner, copy, name)
        } catch {
            copy.map { _ = fclose($0) }
            throw Diagnostics(error.problem)
        }
        if let copy, fclose(copy) != 0 {
            throw Diagnostics(.unreadable(file: name, reason: .noSpace))
        }
        return scanner
    }

    private static func pass(
        _ reader: ByteReader, _ transcoder: Transcoder, _ encoding: TextEncoding,
        _ scanner: inout RecordScanner, _ copy: UnsafeMutablePointer<FILE>?, _ name: String
    ) throws(Problem.Thrown) {
        var isOver = false
        while !isOver, scanner.fault == nil {
            guard let chunk = reader.next() else {
                throw Problem.Thrown(.unreadable(file: name, reason: .damaged))
            }
            isOver = chunk.isEmpty
            do throws(Transcoder.Invalid) {
                scanner.scan(try transcoder.convert(chunk, isLast: isOver))
            } catch {
                let reason = FileFault.badByte(
                    number: error.offset + 1, encoding: encoding.rawValue,
                    mayBeOther: encoding == .utf8)
                throw Problem.Thrown(
                    .badRow(
                        file: name, line: scanner.lineCount + error.linesBefore + 1,
                        reason: reason))
            }
            if isOver { scanner.finish() }
            if let copy { try write(&scanner, to: copy, name) }
        }
        if let fault = scanner.fault {
            throw Problem.Thrown(.badRow(file: name, line: fault.line, reason: fault.reason))
        }
    }

    private static func write(
        _ scanner: inout RecordScanner, to copy: UnsafeMutablePointer<FILE>, _ name: String
    ) throws(Problem.Thrown) {
        let bytes = scanner.copy ?? []
        scanner.copy = []
        guard fwrite(bytes, 1, bytes.count, copy) == bytes.count else {
            throw Problem.Thrown(.unreadable(file: name, reason: .noSpace))
        }
    }

    static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }
}

extension Problem {
    /// One problem on its way out.
    fileprivate struct Thrown: Error {
        let problem: Problem
        init(_ problem: Problem) { self.problem = problem }
    }
}

/// What a file is by its first bytes.
enum FileKind {
    /// Why a file is no text; nil where it may be.
    static func fault(_ path: String) -> FileFault? {
        var status = stat()
        guard stat(path, &status) == 0 else { return .said(String(cString: strerror(errno))) }
        if status.st_mode & S_IFMT == S_IFDIR { return .folder }
        guard let file = fopen(path, "rb") else { return .said(String(cString: strerror(errno))) }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 4)
        let count = fread(&bytes, 1, 4, file)
        let kinds: [([UInt8], FileFault)] = [
            ([0x50, 0x4B, 0x03, 0x04], .workbook), ([0xD0, 0xCF, 0x11, 0xE0], .oldWorkbook),
            ([0xFF, 0xFE], .utf16), ([0xFE, 0xFF], .utf16),
        ]
        return kinds.first { bytes.prefix(count).starts(with: $0.0) }?.1
    }
}
