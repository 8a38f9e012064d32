using System.Runtime.CompilerServices;

namespace Warder.Cedar.Indexing;

/// <summary>A list of policies that allocates only beyond a few of them.</summary>
internal struct PolicyList
{
    private Few _few;
    private IndexedPolicy[]? _many;

    public int Count { get; private set; }

    public readonly IndexedPolicy this[int index] => _many is null ? _few[index] : _many[index];

    public void Add(IndexedPolicy policy)
    {
        if (_many is null && Count < Few.Length)
        {
            _few[Count++] = policy;
            return;
        }

        if (_many is null)
            ((ReadOnlySpan<IndexedPolicy>)_few).CopyTo(_many = new IndexedPolicy[4 * Few.Length]);
        else if (Count == _many.Length)
            Array.Resize(ref _many, 2 * Count);
        _many[Count++] = policy;
    }

    /// <summary>
    /// Sorts the policies by their order in the set and removes duplicates. A policy with several actions can be found by more than one
    /// of them.
    /// </summary>
    public void Order()
    {
        if (Count < 2)
            return;
        var all = _many is null ? ((Span<IndexedPolicy>)_few)[..Count] : _many.AsSpan(0, Count);
        all.Sort(static (left, right) => left.Ordinal.CompareTo(right.Ordinal));
        var count = 1;
        for (var i = 1; i < all.Length; i++)
        {
            if (all[i].Ordinal != all[count - 1].Ordinal)
                all[count++] = all[i];
        }

        Count = count;
    }

    [InlineArray(Length)]
    private struct Few
    {
        public const int Length = 4;

        private IndexedPolicy _first;
    }
}
