import { Component, type ReactNode } from 'react';
import { Broken } from './broken';

interface Props {
  children: ReactNode;
  /** Another value (another page, another conversation) tries again by itself. */
  resetKey: string;
}

/** Keeps a fault in one part from taking the rest of the screen with it. */
export class Boundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override componentDidUpdate(before: Props): void {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render(): ReactNode {
    return this.state.error ? <Broken error={this.state.error} onRetry={() => this.setState({ error: null })} /> : this.props.children;
  }
}
