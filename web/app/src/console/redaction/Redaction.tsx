export default function Redaction() { return null; }
