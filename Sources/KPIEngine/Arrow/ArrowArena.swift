import CADBC
import Glibc

/// The memory of one exported batch: everything that its schema and its array point to.
///
/// Schema and array each hold a reference and give it up in their release callback, from whatever
/// thread the engine calls it. After export the memory is only read, hence `@unchecked Sendable`.
final class ArrowArena: @unchecked Sendable {
    private var blocks: [UnsafeMutableRawPointer] = []

    deinit {
        for block in blocks { free(block) }
    }

    /// Zeroed memory, aligned to 64 bytes as Arrow recommends.
    func allocate<Element>(_: Element.Type, _ count: Int) -> UnsafeMutablePointer<Element> {
        let bytes = max(64, (count * MemoryLayout<Element>.stride + 63) & ~63)
        guard let block = aligned_alloc(64, bytes) else { fatalError("out of memory") }
        memset(block, 0, bytes)
        blocks.append(block)
        return block.bindMemory(to: Element.self, capacity: count)
    }

    func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeRawPointer {
        let block = allocate(Element.self, elements.count)
        elements.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { block.update(from: base, count: source.count) }
        }
        return UnsafeRawPointer(block)
    }

    /// A bitmap, least significant bit first.
    func bits(_ flags: [Bool]) -> UnsafeRawPointer {
        let block = allocate(UInt8.self, (flags.count + 7) / 8)
        for (index, flag) in flags.enumerated() where flag { block[index >> 3] |= 1 << (index & 7) }
        return UnsafeRawPointer(block)
    }

    func string(_ text: String) -> UnsafePointer<CChar> {
        copy(Array(text.utf8CString)).assumingMemoryBound(to: CChar.self)
    }

    func pointers<Pointee>(
        _ pointers: [UnsafeMutablePointer<Pointee>]
    ) -> UnsafeMutablePointer<UnsafeMutablePointer<Pointee>?> {
        let block = allocate(UnsafeMutablePointer<Pointee>?.self, pointers.count)
        for (index, pointer) in pointers.enumerated() { block[index] = pointer }
        return block
    }

    func buffers(
        _ buffers: [UnsafeRawPointer?]
    ) -> UnsafeMutablePointer<UnsafeRawPointer?> {
        let block = allocate(UnsafeRawPointer?.self, buffers.count)
        for (index, buffer) in buffers.enumerated() { block[index] = buffer }
        return block
    }

    /// Arrow's variable layout: `offsets` and one run of bytes; 64-bit offsets past 2 GiB.
    func ranges<Value>(
        _ values: [Value], bytes: KeyPath<Value, Int>,
        copy: (Value, UnsafeMutablePointer<UInt8>) -> Void
    ) -> (buffers: [UnsafeRawPointer], isLarge: Bool) {
        let total = values.reduce(0) { $0 + $1[keyPath: bytes] }
        let data = allocate(UInt8.self, total)
        var offsets: [Int64] = [0]
        offsets.reserveCapacity(values.count + 1)
        var end = 0
        for value in values {
            copy(value, data + end)
            end += value[keyPath: bytes]
            offsets.append(Int64(end))
        }
        let isLarge = total > Int(Int32.max)
        let stored = isLarge ? self.copy(offsets) : self.copy(offsets.map { Int32($0) })
        return ([stored, UnsafeRawPointer(data)], isLarge)
    }
}

/// The children live in their parent's arena: they only say that they are gone.
let releaseChildSchema: @convention(c) (UnsafeMutablePointer<ArrowSchema>?) -> Void = { schema in
    schema?.pointee.release = nil
}

let releaseChildArray: @convention(c) (UnsafeMutablePointer<ArrowArray>?) -> Void = { array in
    array?.pointee.release = nil
}

let releaseSchema: @convention(c) (UnsafeMutablePointer<ArrowSchema>?) -> Void = { schema in
    guard let arena = schema?.pointee.private_data else { return }
    schema?.pointee.release = nil
    schema?.pointee.private_data = nil
    Unmanaged<ArrowArena>.fromOpaque(arena).release()
}

let releaseArray: @convention(c) (UnsafeMutablePointer<ArrowArray>?) -> Void = { array in
    guard let arena = array?.pointee.private_data else { return }
    array?.pointee.release = nil
    array?.pointee.private_data = nil
    Unmanaged<ArrowArena>.fromOpaque(arena).release()
}
