using System.Text.RegularExpressions;

namespace Trellis.PublicApi;

/// <summary>
/// Finds where one public API could not be replaced by another: code that compiles against ours must compile against theirs and mean the same.
/// Ours may hold less, except for abstract members, which whoever implements the type owes.
/// </summary>
internal sealed partial class ApiComparer
{
    private readonly Dictionary<string, ApiTypeDeclaration> _ours;
    private readonly Dictionary<string, ApiTypeDeclaration> _theirs;
    private readonly List<string> _deviations = [];

    private ApiComparer(IEnumerable<ApiTypeDeclaration> ours, IEnumerable<ApiTypeDeclaration> theirs)
    {
        _ours = ByName(ours);
        _theirs = ByName(theirs);
    }

    /// <summary>Describes every deviation, one entry each, ordered by type.</summary>
    public static IReadOnlyList<string> Compare(IEnumerable<ApiTypeDeclaration> ours, IEnumerable<ApiTypeDeclaration> theirs)
    {
        var comparer = new ApiComparer(ours, theirs);
        foreach (var type in comparer._ours.Values.OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            comparer.Compare(type);
        }

        return comparer._deviations;
    }

    private static Dictionary<string, ApiTypeDeclaration> ByName(IEnumerable<ApiTypeDeclaration> types) =>
        types.GroupBy(type => type.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);

    private void Compare(ApiTypeDeclaration our)
    {
        if (!_theirs.TryGetValue(our.Name, out var their))
        {
            _deviations.Add($"{our.Assembly}: {our.Name}: no such public type in theirs");
            return;
        }

        if (our.Assembly != their.Assembly)
        {
            _deviations.Add($"{our.Assembly}: {our.Name}: theirs declares it in {their.Assembly}");
        }

        if (our.Header != their.Header)
        {
            Differs(our, "the declaration differs", our.Header, their.Header);
        }

        CompareRestriction(our, "the type", our.Restriction, their.Restriction);
        CompareInterfaces(our, their);
        CompareMembers(our, their);
    }

    private void CompareInterfaces(ApiTypeDeclaration our, ApiTypeDeclaration their)
    {
        var ours = Interfaces(our, _ours).ToHashSet(StringComparer.Ordinal);
        var theirs = Interfaces(their, _theirs).ToHashSet(StringComparer.Ordinal);
        _deviations.AddRange(ours.Except(theirs, StringComparer.Ordinal).Select(extra => $"{our.Assembly}: {our.Name}: theirs does not implement {extra}"));
        if (our.IsInterface)
        {
            _deviations.AddRange(theirs.Except(ours, StringComparer.Ordinal).Select(lacking => $"{our.Assembly}: {our.Name}: ours does not extend {lacking}"));
        }
    }

    private void CompareMembers(ApiTypeDeclaration our, ApiTypeDeclaration their)
    {
        var theirs = Members(their, _theirs).ToList();
        var bySignature = theirs.ToLookup(member => member.Signature, StringComparer.Ordinal);
        var byIdentity = theirs.ToLookup(member => member.Identity, StringComparer.Ordinal);
        foreach (var member in our.Members.Where(member => !member.IsOverride).OrderBy(member => member.Signature, StringComparer.Ordinal))
        {
            if (bySignature[member.Signature].FirstOrDefault() is { } same)
            {
                CompareRestriction(our, member.Signature, member.Restriction, same.Restriction);
            }
            else if (byIdentity[member.Identity].FirstOrDefault() is { } similar)
            {
                Differs(our, "a member differs", member.Signature, similar.Signature);
            }
            else
            {
                _deviations.Add($"{our.Assembly}: {our.Name}: no such public member in theirs\n    ours:   {member.Signature}{Overloads(member, theirs)}");
            }
        }

        if (our.MustBeImplemented)
        {
            var present = Members(our, _ours).Select(member => member.Identity).ToHashSet(StringComparer.Ordinal);
            _deviations.AddRange(Members(their, _theirs)
                // Obsolete and experimental API is not used here, so nobody here implements a type that demands it.
                .Where(member => member.IsAbstract && member.Restriction.Length == 0 && !present.Contains(member.Identity))
                .Select(member => $"{our.Assembly}: {our.Name}: ours lacks an abstract member\n    theirs: {member.Signature}"));
        }
    }

    private static string Overloads(ApiMember member, IEnumerable<ApiMember> theirs)
    {
        var name = NameOf(member);
        return string.Concat(theirs.Where(their => NameOf(their) == name).Select(their => $"\n    theirs: {their.Signature}"));

        static string NameOf(ApiMember member) => member.Identity.Split('(', '`')[0];
    }

    private void CompareRestriction(ApiTypeDeclaration our, string what, string ours, string theirs)
    {
        if (theirs.Length > 0 && ours != theirs)
        {
            _deviations.Add($"{our.Assembly}: {our.Name}: theirs is {theirs}, ours is {(ours.Length == 0 ? "not" : ours)}\n    {what}");
        }
    }

    private void Differs(ApiTypeDeclaration type, string what, string ours, string theirs) =>
        _deviations.Add($"{type.Assembly}: {type.Name}: {what}\n    ours:   {ours}\n    theirs: {theirs}");

    /// <summary>The members of a type and what it inherits from visible types of the same set, with type arguments put in.</summary>
    private static IEnumerable<ApiMember> Members(ApiTypeDeclaration type, Dictionary<string, ApiTypeDeclaration> set) =>
        type.Members.Concat(Parents(type).Where(parent => set.ContainsKey(parent.Definition)).SelectMany(parent =>
            Members(set[parent.Definition], set)
                // Constructors are not inherited.
                .Where(member => !member.Identity.StartsWith("method .ctor", StringComparison.Ordinal))
                .Select(member => member with
                {
                    Identity = Substitute(member.Identity, parent.Arguments),
                    Signature = Substitute(member.Signature, parent.Arguments),
                })));

    /// <summary>The texts of all interfaces of a type, also those its base type or its interfaces bring.</summary>
    private static IEnumerable<string> Interfaces(ApiTypeDeclaration type, Dictionary<string, ApiTypeDeclaration> set) =>
        type.Interfaces.Select(parent => parent.Text).Concat(type.Interfaces.Prepend(type.Base).OfType<ApiType>()
            .Where(parent => set.ContainsKey(parent.Definition))
            .SelectMany(parent => Interfaces(set[parent.Definition], set).Select(text => Substitute(text, parent.Arguments))));

    private static IEnumerable<ApiType> Parents(ApiTypeDeclaration type) =>
        type.IsInterface ? type.Interfaces : type.Base is null ? [] : [type.Base];

    private static string Substitute(string text, IReadOnlyList<string> arguments) =>
        arguments.Count == 0 ? text : TypeParameter().Replace(text, match => arguments[int.Parse(match.Groups[1].ValueSpan)]);

    [GeneratedRegex(@"(?<!!)!(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex TypeParameter();
}
