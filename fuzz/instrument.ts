/**
 * Makes a copy of the code that counts where it goes: every branch gets a counter. Written with the TypeScript compiler,
 * which is here anyway, because no coverage-guided fuzzer of the registry runs on Debian 12: the binary of jazzer.js 4
 * wants a newer C library, its older versions download theirs from elsewhere, and jsfuzz (2020) knows no ES modules.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import ts from 'typescript'

/** Packages that read strangers' bytes, and what they read with. */
export const READING_PACKAGES = [
  'fast-xml-parser',
  '@nodable/entities',
  'path-expression-matcher',
  'xml-naming',
  'dns-packet',
  'qr',
]
/** What the code finds beside itself. */
const BESIDE = ['data', 'web', 'openapi.yaml', 'package.json', 'test/fixtures', 'fuzz/corpus']
/** A text worth trying: not a whole sentence. */
const MAX_LITERAL = 40

export interface Tree {
  /** Of the repository. */
  readonly root: string
  /** What is run, below the root; only what it imports is copied. */
  readonly entry: string
  /** Where the copy goes; emptied first. */
  readonly target: string
  /** Packages that are copied and counted too. */
  readonly packages: readonly string[]
}

/** @returns the path of the entry as it can be run */
export function instrumentTree({ root, entry, target, packages }: Tree): string {
  rmSync(target, { recursive: true, force: true })
  const queue = [entry]
  const seen = new Set(queue)
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    const text = readFileSync(join(root, file), 'utf8')
    write(join(target, scriptName(file)), transpile(text, file))
    for (const { fileName } of ts.preProcessFile(text).importedFiles) {
      const next = join(dirname(file), fileName).replace(/\.js$/, '.ts')
      if (!fileName.startsWith('.') || seen.has(next)) continue
      seen.add(next)
      queue.push(next)
    }
  }
  for (const name of packages) {
    copyPackage(join(root, 'node_modules', name), join(target, 'node_modules', name))
  }
  for (const name of BESIDE) {
    mkdirSync(dirname(join(target, name)), { recursive: true })
    symlinkSync(join(root, name), join(target, name))
  }
  return join(target, scriptName(entry))
}

function scriptName(file: string): string {
  return file.replace(/\.ts$/, '.js')
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function copyPackage(from: string, to: string): void {
  for (const item of readdirSync(from, { withFileTypes: true, recursive: true })) {
    if (!item.isFile()) continue
    const file = join(item.parentPath, item.name)
    const name = relative(from, file)
    if (['.js', '.cjs', '.mjs'].includes(extname(name)))
      write(join(to, name), transpile(readFileSync(file, 'utf8'), `src/${name}`))
    else if (name.endsWith('.json')) write(join(to, name), readFileSync(file, 'utf8'))
  }
}

function transpile(text: string, file: string): string {
  // The fuzzer itself is not what is looked at.
  const counted = file.startsWith('src/')
  const counter: Counter = { branches: 0, literals: new Set() }
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      // Scripts stay what they are: modules or CommonJS.
      module: ts.ModuleKind.Preserve,
      verbatimModuleSyntax: true,
      allowJs: true,
    },
    fileName: file,
    ...(counted ? { transformers: { before: [counting(counter)] } } : {}),
  })
  if (counter.branches === 0) return outputText
  const literals = JSON.stringify([...counter.literals])
  return `const ${HITS} = globalThis.${REGISTER}(${counter.branches}, ${literals});\n${outputText}`
}

const HITS = '__hits'
/** `coverage.ts` puts it there. */
const REGISTER = 'registerBranches'

interface Counter {
  branches: number
  readonly literals: Set<string>
}

function counting(counter: Counter): ts.TransformerFactory<ts.SourceFile> {
  return (context) => {
    const { factory } = context
    const hit = (): ts.Expression =>
      factory.createPostfixIncrement(
        factory.createElementAccessExpression(factory.createIdentifier(HITS), counter.branches++),
      )
    const statement = () => factory.createExpressionStatement(hit())
    const counted = (node: ts.Expression) =>
      factory.createParenthesizedExpression(factory.createComma(hit(), node))
    const block = (node: ts.Statement | undefined) =>
      factory.createBlock(
        node === undefined ? [statement()] : [statement(), ...(ts.isBlock(node) ? node.statements : [node])],
        true,
      )
    const visit = (node: ts.Node): ts.Node => {
      collect(node, counter.literals)
      const next = ts.visitEachChild(node, visit, context)
      if (ts.isIfStatement(next)) {
        const { expression, thenStatement, elseStatement } = next
        return factory.updateIfStatement(next, expression, block(thenStatement), block(elseStatement))
      }
      if (ts.isConditionalExpression(next)) {
        return factory.updateConditionalExpression(
          next,
          next.condition,
          next.questionToken,
          counted(next.whenTrue),
          next.colonToken,
          counted(next.whenFalse),
        )
      }
      if (ts.isBinaryExpression(next) && LOGICAL.has(next.operatorToken.kind)) {
        return factory.updateBinaryExpression(next, next.left, next.operatorToken, counted(next.right))
      }
      if (ts.isCaseClause(next)) {
        return factory.updateCaseClause(next, next.expression, [statement(), ...next.statements])
      }
      if (ts.isArrowFunction(next) && !ts.isBlock(next.body)) {
        const { modifiers, typeParameters, parameters, type, equalsGreaterThanToken } = next
        const body = counted(next.body)
        return factory.createArrowFunction(
          modifiers,
          typeParameters,
          parameters,
          type,
          equalsGreaterThanToken,
          body,
        )
      }
      // Bodies of functions, loops and `catch`.
      const isBody = ts.isBlock(next) && !ts.isIfStatement(node.parent)
      return isBody ? factory.updateBlock(next, [statement(), ...next.statements]) : next
    }
    return (file) => ts.visitEachChild(file, visit, context)
  }
}

const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

/** What the code compares with is what an input must hold to come further. */
function collect(node: ts.Node, literals: Set<string>): void {
  if (!ts.isStringLiteralLike(node) || ts.isImportDeclaration(node.parent)) return
  if (node.text.length > 0 && node.text.length <= MAX_LITERAL && !node.text.includes(' ')) {
    literals.add(node.text)
  }
}
