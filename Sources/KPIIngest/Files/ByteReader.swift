import CZlib
import Crypto
import Glibc

/// Reads a file as a stream of bytes, unpacked when it is gzip.
final class ByteReader {
    private let file: gzFile
    let path: String

    /// Nil when the file cannot be opened.
    init?(_ path: String) {
        guard let file = gzopen(path, "rb") else { return nil }
        self.file = file
        self.path = path
        gzbuffer(file, 1 << 18)
    }

    deinit { gzclose(file) }

    /// Up to `capacity` bytes; empty at the end; nil when the packed data is damaged.
    func next(_ capacity: Int = 1 << 20) -> [UInt8]? {
        var count: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            count = gzread(file, buffer.baseAddress, UInt32(capacity))
            initialized = max(0, Int(count))
        }
        if count < 0 { return nil }
        var status: Int32 = 0
        if count == 0, let message = gzerror(file, &status), status != Z_OK, message.pointee != 0 {
            return nil
        }
        return bytes
    }

    /// Whether the file begins as gzip does.
    static func isPacked(_ path: String) -> Bool {
        guard let file = fopen(path, "rb") else { return false }
        defer { fclose(file) }
        return fgetc(file) == 0x1F && fgetc(file) == 0x8B
    }

    /// SHA-256 of the file as it lies on disk, in hexadecimal; nil when it cannot be read.
    static func fingerprint(_ path: String) -> String? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var hash = SHA256()
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { break }
            buffer.withUnsafeBytes { hash.update(bufferPointer: .init(rebasing: $0[..<count])) }
        }
        guard ferror(file) == 0 else { return nil }
        return hash.finalize().map { padHex($0) }.joined()
    }

    private static func padHex(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
