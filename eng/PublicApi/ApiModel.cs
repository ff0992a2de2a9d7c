namespace Trellis.PublicApi;

/// <summary>A type named in a signature.</summary>
/// <param name="Text">How it is printed and compared, e.g. <c>System.Collections.Generic.List`1&lt;string&gt;</c>.</param>
/// <param name="Definition">The full name of its definition, with arity, without type arguments.</param>
/// <param name="Arguments">The texts of its type arguments.</param>
internal sealed record ApiType(string Text, string Definition, IReadOnlyList<string> Arguments)
{
    public ApiType(string text)
        : this(text, text, [])
    {
    }
}

/// <summary>A type that other assemblies can see.</summary>
/// <param name="Assembly">The simple name of the assembly that declares it.</param>
/// <param name="Name">Full name with arity; nested types after a plus sign.</param>
/// <param name="Header">Kind, modifiers, constraints and base type: what must be the same on both sides.</param>
/// <param name="Base">The base type, or null for interfaces and <see cref="object"/>.</param>
/// <param name="Interfaces">The visible interfaces it implements or extends, as declared.</param>
/// <param name="MustBeImplemented">Whether other assemblies can implement or derive from it and then owe its abstract members.</param>
/// <param name="Restriction">Obsolete or Experimental with its arguments, or the empty string.</param>
internal sealed record ApiTypeDeclaration(
    string Assembly,
    string Name,
    string Header,
    ApiType? Base,
    IReadOnlyList<ApiType> Interfaces,
    bool IsInterface,
    bool MustBeImplemented,
    string Restriction,
    IReadOnlyList<ApiMember> Members);

/// <summary>A constructor, method, accessor, event or field that other assemblies can see.</summary>
/// <param name="Identity">What overload resolution tells members apart by: kind, name, arity and parameter types.</param>
/// <param name="Signature">Everything that must be the same on both sides.</param>
/// <param name="IsOverride">Whether it only overrides what a base type already declares.</param>
/// <param name="Restriction">Obsolete or Experimental with its arguments, or the empty string.</param>
internal sealed record ApiMember(string Identity, string Signature, bool IsAbstract, bool IsOverride, string Restriction);
